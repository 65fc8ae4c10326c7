"""Parish boundaries as they were imported: one current boundary per parish, and which file it came from."""

from django.db import models

from .geography import Parish


class BoundaryImport(models.Model):
    """One file of boundaries that was taken in: the version its parishes carry. The receipt without its lists."""

    source = models.CharField(max_length=120)
    as_of = models.DateField(help_text="the day the boundaries are from")
    display_name = models.CharField(max_length=120)
    file_sha256 = models.CharField(max_length=64)
    coordinate_system = models.CharField(max_length=20)
    rows = models.PositiveIntegerField()
    counts = models.JSONField(default=dict)
    imported_by_name = models.CharField(max_length=200)
    imported_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.source} {self.as_of:%Y-%m-%d}"


class ParishBoundary(models.Model):
    """A parish's boundary in degrees (EPSG:4326), twice simplified with its neighbours so that they share borders.

    `shape` (well-known binary, 10 m) answers which parish a point lies in; `outline` (GeoJSON geometry, 50 m) is drawn.
    The box is the shape's, so that a point asks few shapes.
    """

    parish = models.OneToOneField(Parish, on_delete=models.CASCADE, primary_key=True, related_name="boundary")
    version = models.ForeignKey(BoundaryImport, on_delete=models.PROTECT, related_name="boundaries")
    shape = models.BinaryField()
    outline = models.JSONField()
    area_km2 = models.FloatField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()

    def __str__(self) -> str:
        return f"{self.parish_id:04d}"
