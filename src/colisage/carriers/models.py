"""Carriers as facts: their services, and what carriage costs. Weights in grams, money in minor units."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from colisage.people.models import Operator


class Carrier(models.Model):
    """Who carries parcels."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    tracking_url = models.CharField(max_length=200, blank=True)  # with {number}

    def __str__(self) -> str:
        return self.name


class ServiceKind(models.TextChoices):
    """How a service delivers."""

    HOME = "home", _("home delivery")
    RELAY = "relay", _("pickup point")
    EXPRESS = "express", _("express")
    LETTER = "letter", _("letter box")


class Service(models.Model):
    """One way a carrier delivers."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=ServiceKind.choices, default=ServiceKind.HOME)
    signature = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class RateCard(models.Model):
    """What a service costs, from one country, between two dates; without an operator it is a public tariff."""

    operator = models.ForeignKey(
        Operator, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    from_country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)  # where the figures come from

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["operator", "service", "from_country", "valid_from"], name="one_card", nulls_distinct=False
            )
        ]


class RateZone(models.Model):
    """Destinations of one price: countries (`*`: all others), narrowed by the beginnings of postcodes if any."""

    card = models.ForeignKey(RateCard, on_delete=models.CASCADE, related_name="+", db_index=False)
    code = models.CharField(max_length=20)
    countries = ArrayField(models.CharField(max_length=2))
    prefixes = ArrayField(models.CharField(max_length=5), default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["card", "code"], name="one_zone")]


class RateBreak(models.Model):
    """The price up to a weight, with the working days announced."""

    zone = models.ForeignKey(RateZone, on_delete=models.CASCADE, related_name="+", db_index=False)
    max_grams = models.IntegerField()
    cents = models.IntegerField()
    days_min = models.SmallIntegerField()
    days_max = models.SmallIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["zone", "max_grams"], name="one_break")]
