"""One table of sizes and choices."""

# size: side of the frame. grid: cells a side at which the U-Net sees the face.
# filters, crop_filters: scale of the numbers of filters.
# batch: frames a step. 8 on crops reach after 30 seconds what 16 reach after 45.
# noise: size of the noise vector.
PRESETS = {
    "tiny": dict(
        size=64,
        grid=16,
        filters=0.25,
        crop_filters=0.25,
        batch=4,
        noise=4,
    ),
    "lite": dict(
        size=256,
        grid=64,
        filters=1.0,
        crop_filters=1.0,
        batch=8,
        noise=8,
    ),
    "standard": dict(
        size=512,
        grid=64,
        filters=1.0,
        crop_filters=1.0,
        batch=8,
        noise=8,
    ),
}

# Crops first and alone, by reconstruction, then with the discriminator; then the whole
# face, with the crops as they are. Shares of the time, in which both crops are trained
# at once; one after the other, all get less.
STAGES = (
    {"name": "mouth", "share": 0.34, "is_adversarial": False},
    {"name": "mouth_adversarial", "share": 0.28, "is_adversarial": True},
    {"name": "eyes", "share": 0.34, "is_adversarial": False},
    {"name": "eyes_adversarial", "share": 0.28, "is_adversarial": True},
    {"name": "whole", "share": 0.38, "is_adversarial": False},
)

# Learning rates of generator and discriminator; Adam, see `stages.compile_gan`.
RATES = {"crop": (4e-3, 0.0), "whole": (2e-3, 0.0), "adversarial": (5e-4, 1e-3)}
# How often the frames of footage are seen, at most. In a clip of 34 seconds, decibels
# held out: eyes 27.5 after 9 passes and 27.4 after 22, mouth 28.0 and 27.8, the whole
# picture 26.2 after 6 and 26.0 after some 15.
PASSES = {"crop": 15, "whole": 8, "adversarial": 12}
RECONSTRUCTION = {
    "generator_losses": ("pixel_l1", "pixel_l2"),
    "discriminator_losses": (),
    "loss_weights": {"pixel_l2": 0.5},
}
# Relativistic: told apart in pairs of the same controls, the discriminator is above
# chance in its first minute; with the non-saturating loss, in its second.
ADVERSARIAL = {
    "generator_losses": ("pixel_l1", "feature_matching", "relativistic_generator"),
    "discriminator_losses": ("r1", "relativistic_discriminator"),
    "loss_weights": {"pixel_l1": 30.0, "feature_matching": 16.0, "r1": 0.1},
    "loss_intervals": {"r1": 4},
}

# What a training can do without, to see what it brings.
PARTS = {
    "adversarial": "discriminators",
    "augmentation": "expressions between those of any two frames of footage",
    "codes": "a code for each frame of footage, for what controls don't say",
    "crops": "decoders of their own for mouth and eyes",
    "early_stop": "an end when footage was seen so often that it is learned by heart",
    "warm_start": "what was learned on a presenter, to start a person's networks with",
    "warp": "moving the still by the face's points",
}
# The controls of a presenter say it all, and its networks are what others start with.
FOOTAGE_PARTS = "augmentation", "codes", "early_stop", "warm_start"


def pace_of(network, is_adversarial):
    """Which row of `RATES` and `PASSES` the stage of a network follows."""
    if is_adversarial:
        return "adversarial"
    return "whole" if network == "whole" else "crop"


def choose(size):
    """Name of the largest preset whose frames are no larger than a take's."""
    fitting = [name for name in PRESETS if PRESETS[name]["size"] <= size]
    return max(fitting, key=lambda name: PRESETS[name]["size"], default="tiny")


def check_parts(names):
    """Names of `PARTS` as a set.

    Raises:
        ValueError: If one is unknown.
    """
    unknown = set(names) - set(PARTS)
    if unknown:
        raise ValueError(
            f"Unknown parts {sorted(unknown)} to train without. Known parts: "
            f"{sorted(PARTS)}."
        )
    return set(names)


def get(name):
    """The preset called `name`, a dict.

    Raises:
        ValueError: If there is none of that name.
    """
    if name not in PRESETS:
        raise ValueError(f"Unknown preset {name!r}. Known presets: {sorted(PRESETS)}.")
    return PRESETS[name]
