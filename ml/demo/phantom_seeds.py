"""Which phantoms a recipe trains on and which it is measured on; never the same."""

from ml.phantoms.many import PhantomSeeds

SEEDS_APART = 100_000  # phantoms that one seed of the recipe may use
RECIPE_SEEDS = 4000
HELD_OUT_FROM = SEEDS_APART * RECIPE_SEEDS  # no training phantom has a seed this high


def training_seeds(seed: int, per_class: int) -> PhantomSeeds:
    """The phantoms that a recipe's seed trains on."""
    return PhantomSeeds(seed % RECIPE_SEEDS * SEEDS_APART, per_class)


def held_out_seeds(seed: int, per_class: int) -> PhantomSeeds:
    """Phantoms that no training ever saw."""
    return PhantomSeeds(HELD_OUT_FROM + seed % RECIPE_SEEDS * SEEDS_APART, per_class)
