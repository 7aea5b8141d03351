"""Empty packagings of a shop. Lengths in millimetres, weights in grams."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from colisage.people.models import Operator


class BoxKind(models.TextChoices):
    """What sort of packaging."""

    BOX = "box", _("box")
    MAILER = "mailer", _("mailer")
    TUBE = "tube", _("tube")


class BoxType(models.Model):
    """A packaging an operator has in stock."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=BoxKind.choices, default=BoxKind.BOX)
    inner_length_mm = models.IntegerField()
    inner_width_mm = models.IntegerField()
    inner_height_mm = models.IntegerField()
    outer_length_mm = models.IntegerField()
    outer_width_mm = models.IntegerField()
    outer_height_mm = models.IntegerField()
    empty_grams = models.IntegerField()
    max_grams = models.IntegerField()  # with its contents
    cost_cents = models.IntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["operator", "code"], name="one_box_code"),
            models.CheckConstraint(
                condition=models.Q(
                    inner_length_mm__gt=0,
                    inner_width_mm__gt=0,
                    inner_height_mm__gt=0,
                    empty_grams__gte=0,
                    outer_length_mm__gte=models.F("inner_length_mm"),
                    outer_width_mm__gte=models.F("inner_width_mm"),
                    outer_height_mm__gte=models.F("inner_height_mm"),
                    max_grams__gt=models.F("empty_grams"),
                ),
                name="box_has_an_inside",
            ),
        ]

    def __str__(self) -> str:
        return self.code
