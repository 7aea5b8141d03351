"""Operators, merchants, people and the keys of programs: who may see and do what."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _


class Operator(models.Model):
    """Who runs warehouses: a brand with its own, or a 3PL."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    timezone = models.CharField(max_length=60, default="Europe/Paris")
    currency = models.CharField(max_length=3, default="EUR")  # in which it tells what its work and packagings cost

    def __str__(self) -> str:
        return self.name


class Merchant(models.Model):
    """Who owns products, stock, orders and customers."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    language = models.CharField(max_length=2, default="fr")
    currency = models.CharField(max_length=3, default="EUR")
    country = models.CharField(max_length=2, default="FR")
    timezone = models.CharField(max_length=60, default="Europe/Paris")
    email = models.EmailField(blank=True)  # where customers answer to
    address = models.JSONField(default=dict, blank=True)  # of the company, for slips and labels
    brand = models.CharField(max_length=20, default="tilleul")  # colour theme of the customer's pages

    def __str__(self) -> str:
        return self.name


class ServiceContract(models.Model):
    """An operator works for a merchant: its staff see the merchant's goods and orders."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+", db_index=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["operator", "merchant"], name="one_contract")]


class UserManager(BaseUserManager):  # type: ignore[type-arg]
    """Make users, known by their e-mail address in any case."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Make a person who may log in."""
        user: User = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Make a person who may configure the installation."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a person by e-mail, whatever the case."""
        user: User = self.get(email=(username or "").lower())
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person with a log-in."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=2, default="fr")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(db_default=Now())

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="one_user_per_address")]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a person does here."""

    MANAGER = "manager", _("manager")
    RECEIVER = "receiver", _("receiver")
    PICKER = "picker", _("picker")
    PACKER = "packer", _("packer")
    SUPPORT = "support", _("support")
    ACCOUNTANT = "accountant", _("accountant")
    PARTNER = "partner", _("partner")


class Membership(models.Model):
    """A person's roles at one operator or one merchant."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), default=list)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(operator__isnull=True) ^ models.Q(merchant__isnull=True), name="member_of_one"
            ),
            models.UniqueConstraint(
                fields=["user", "operator", "merchant"], name="one_membership", nulls_distinct=False
            ),
        ]


class ApiKey(models.Model):
    """A program's key; only its hash is kept."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
