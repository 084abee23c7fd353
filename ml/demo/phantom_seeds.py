"""Which phantoms a recipe trains on, is calibrated on and is measured on; never the same."""

from ml.phantoms.many import PhantomSeeds

SEEDS_APART = 100_000  # phantoms that one seed of the recipe may use
RECIPE_SEEDS = 4000
HELD_OUT_FROM = SEEDS_APART * RECIPE_SEEDS  # no training phantom has a seed this high
CALIBRATION_FROM = 1_000_000_000  # above all of them, and above those of ml.fast
COVERAGE_FROM = 1_500_000_000  # for checks of what was calibrated
FUSION_FROM = 2_500_000_000  # for a fusion's figures
AUDIT_FROM = 3_000_000_000  # for audits of maps


def training_seeds(seed: int, per_class: int) -> PhantomSeeds:
    """The phantoms that a recipe's seed trains on."""
    return PhantomSeeds(seed % RECIPE_SEEDS * SEEDS_APART, per_class)


def held_out_seeds(seed: int, per_class: int) -> PhantomSeeds:
    """Phantoms that no training ever saw."""
    return PhantomSeeds(HELD_OUT_FROM + seed % RECIPE_SEEDS * SEEDS_APART, per_class)


def calibration_seeds(seed: int, per_class: int) -> PhantomSeeds:
    """Phantoms for temperature, scores and likeness."""
    return PhantomSeeds(CALIBRATION_FROM + seed % RECIPE_SEEDS * SEEDS_APART, per_class)


def coverage_seeds(draw: int, per_class: int) -> PhantomSeeds:
    """Phantoms of one draw that no recipe uses; each draw has others."""
    return PhantomSeeds(COVERAGE_FROM + draw * SEEDS_APART, per_class)


def audit_seeds(per_class: int) -> PhantomSeeds:
    """Phantoms for audits of maps: the same for every checkpoint, above every other seed."""
    return PhantomSeeds(AUDIT_FROM, per_class)


def fusion_seeds(per_class: int) -> PhantomSeeds:
    """Phantoms to measure a fusion on: the same for every fusion, used for nothing else."""
    return PhantomSeeds(FUSION_FROM, per_class)
