"""Adversarial training of a generator that obeys controls."""

import keras
import tensorflow as tf

from keras_anchor import losses
from keras_anchor.frames import composite_tensor
from keras_anchor.layers import fused


def seen_over(frames, background):
    """Frames, uint8 or in `[-1, 1]`, over a background: `(..., 3)` in `[-1, 1]`."""
    if frames.dtype == tf.uint8:
        frames = tf.cast(frames, tf.float32) / 127.5 - 1.0
    return composite_tensor(frames, background)


@keras.saving.register_keras_serializable(package="keras_anchor")
class ControlGAN(keras.Model):
    """Trains `generator` to draw the frames that go with given controls.

    `fit` takes batches of `(controls, frames)`: controls `(batch, num_controls)`,
    frames `(batch, height, width, channels)`, uint8 or float in `[-1, 1]`. Whatever
    comes after training uses `ema_generator`, a slow average of `generator`.

    Frames with alpha are judged over a random colour, the same for real and
    generated: colour that nobody sees costs nothing, and alpha is learned.

    With `codes`, `fit` takes `(controls, frames, index)`, index `(batch,)` the numbers
    of the frames, and their codes take the place of random noise.

    Args:
        generator: Functional model from `[controls, noise]` to frames.
        discriminator: Functional model from `[frames, controls]`, frames with 3
            channels, to a dict of lists: `logits` and `features`. None where no loss
            asks for it.
        codes: `FrameCodes`, learned with the generator; None leaves noise random.
        ema_decay: Share of the average that survives one step, once warm.
        seed: Every random number of a step follows from it, the step's number and
            the replica, so that a resumed run repeats an uninterrupted one.
    """

    def __init__(
        self,
        generator,
        discriminator=None,
        codes=None,
        ema_decay=0.999,
        seed=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.generator = generator
        self.discriminator = discriminator
        self.codes = codes
        if codes is not None and not codes.built:
            codes.build()
        self.ema_decay = ema_decay
        self.seed = seed
        self.ema_generator = keras.models.clone_model(generator)
        self.ema_generator.set_weights(generator.get_weights())
        self.built = True  # The parts arrive built, and `fit` never calls `call`.

    def compile(
        self,
        generator_optimizer,
        discriminator_optimizer=None,
        generator_losses=("non_saturating_generator",),
        discriminator_losses=("r1", "non_saturating_discriminator"),
        loss_weights=None,
        loss_intervals=None,
        **kwargs,
    ):
        """Sets what is minimized.

        Args:
            generator_losses: Names from `losses.LOSSES`, summed for the generator.
            discriminator_losses: The same for the discriminator; none leaves it as it
                is, and needs no optimizer for it.
            loss_weights: Dict from those names to weights, 1 if left out.
            loss_intervals: Dict from names to n: computed every n steps, n times as
                strong (Karras et al., 2020, section 3.1, lazy regularization).
        """
        super().compile(optimizer=None, **kwargs)
        self.generator_losses = {name: losses.get(name) for name in generator_losses}
        self.discriminator_losses = {
            name: losses.get(name) for name in discriminator_losses
        }
        self.loss_weights = dict(loss_weights or {})
        self.loss_intervals = dict(loss_intervals or {})
        names = [*self.generator_losses, *self.discriminator_losses]
        for argument in ("loss_weights", "loss_intervals"):
            if unknown := getattr(self, argument).keys() - set(names):
                raise ValueError(
                    f"`{argument}` names no loss in use: {sorted(unknown)}. "
                    f"In use: {sorted(names)}."
                )
        if self.discriminator_losses and (
            self.discriminator is None or discriminator_optimizer is None
        ):
            raise ValueError(
                f"{sorted(self.discriminator_losses)} need a `discriminator` and a "
                "`discriminator_optimizer`. Give both, or `discriminator_losses=()`."
            )
        self.trackers = {name: keras.metrics.Mean(name=name) for name in names}
        # Built now, so that loading weights restores them too.
        self.generator_optimizer = keras.optimizers.get(generator_optimizer)
        self.generator_optimizer.build(self.generator_variables)
        self.discriminator_optimizer = None
        if self.discriminator_losses:
            self.discriminator_optimizer = keras.optimizers.get(discriminator_optimizer)
            self.discriminator_optimizer.build(self.discriminator.trainable_variables)

    def call(self, controls):
        return self.ema_generator([controls, self.sample_noise(controls)])

    def train_step(self, data):
        controls, frames, *index = data
        background = self.sample_background(controls)
        frames = fused(seen_over)(frames, background)
        with tf.GradientTape() as tape:
            noise = self.codes(*index) if index else self.sample_noise(controls)
            fake_frames = self.generator([controls, noise], training=True)
            fake_frames = fused(seen_over)(fake_frames, background)
            if self.discriminator_losses:
                with tape.stop_recording():
                    self.update_discriminator(controls, frames, fake_frames)
            loss = self.total(self.generator_losses, controls, frames, fake_frames)
            if index:
                loss += self.for_each_replica(self.codes.cost(noise))
            scaled = self.generator_optimizer.scale_loss(loss)
        self.apply(self.generator_optimizer, tape, scaled, self.generator_variables)
        self.update_average()
        return {name: tracker.result() for name, tracker in self.trackers.items()}

    def update_discriminator(self, controls, frames, fake_frames):
        with tf.GradientTape() as tape:
            loss = self.total(self.discriminator_losses, controls, frames, fake_frames)
            scaled = self.discriminator_optimizer.scale_loss(loss)
        variables = self.discriminator.trainable_variables
        self.apply(self.discriminator_optimizer, tape, scaled, variables)

    def total(self, functions, controls, frames, fake_frames):
        """Weighted mean of the losses, each logged under its name."""

        def discriminate(frames):
            judged = self.discriminator([frames, controls], training=True)
            return judged["logits"], judged["features"]

        step = losses.Step(discriminate, controls, frames, fake_frames)
        total = 0.0
        for name, function in functions.items():
            values = self.lazily(name, function, step)
            self.trackers[name].update_state(values)
            total += self.loss_weights.get(name, 1.0) * tf.reduce_mean(values)
        return self.for_each_replica(total)

    def for_each_replica(self, loss):
        """Optimizers sum gradients over replicas; this makes the sum a mean."""
        return loss / tf.distribute.get_strategy().num_replicas_in_sync

    def lazily(self, name, function, step):
        """The loss, or zeros in the steps that leave it out."""
        interval = self.loss_intervals.get(name, 1)
        if interval == 1:
            return function(step)
        return tf.cond(
            self.generator_optimizer.iterations % interval == 0,
            lambda: interval * function(step),
            lambda: tf.zeros(tf.shape(step.frames)[:1]),
        )

    @property
    def generator_variables(self):
        """What the generator's optimizer trains."""
        codes = self.codes.trainable_variables if self.codes else []
        return [*self.generator.trainable_variables, *codes]

    def apply(self, optimizer, tape, loss, variables):
        optimizer.apply(tape.gradient(loss, variables), variables)

    def update_average(self):
        # Young averages forget fast, or short runs would ship their first weights.
        step = tf.cast(self.generator_optimizer.iterations, tf.float32)
        decay = tf.minimum(self.ema_decay, (1.0 + step) / (10.0 + step))
        for average, weight in zip(
            self.ema_generator.trainable_weights,
            self.generator.trainable_weights,
            strict=True,
        ):
            average.assign(decay * average + (1.0 - decay) * weight)

    def step_seed(self, purpose):
        """Seed `(2,)` of this step, this replica and one purpose within them."""
        replica = tf.distribute.get_replica_context().replica_id_in_sync_group
        step = tf.cast(self.generator_optimizer.iterations, tf.int64)
        return tf.stack([self.seed + tf.cast(replica, tf.int64), 2 * step + purpose])

    def sample_noise(self, controls):
        """Standard normal noise `(batch, noise_size)`, repeatable; see `seed`."""
        shape = [tf.shape(controls)[0], self.generator.inputs[1].shape[-1]]
        return tf.random.stateless_normal(shape, self.step_seed(0))

    def sample_background(self, controls):
        """Plain colours `(batch, 1, 1, 3)` in `[-1, 1]`, repeatable; see `seed`."""
        shape = [tf.shape(controls)[0], 1, 1, 3]
        return tf.random.stateless_uniform(shape, self.step_seed(1), -1.0, 1.0)

    def get_config(self):
        return super().get_config() | {
            "generator": keras.saving.serialize_keras_object(self.generator),
            "discriminator": keras.saving.serialize_keras_object(self.discriminator),
            "codes": keras.saving.serialize_keras_object(self.codes),
            "ema_decay": self.ema_decay,
            "seed": self.seed,
        }

    @classmethod
    def from_config(cls, config):
        networks = {
            name: keras.saving.deserialize_keras_object(config[name])
            for name in ("generator", "discriminator", "codes")
        }
        return cls(**(config | networks))

    def get_compile_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            "generator_optimizer": serialize(self.generator_optimizer),
            "discriminator_optimizer": self.discriminator_optimizer
            and serialize(self.discriminator_optimizer),
            "generator_losses": list(self.generator_losses),
            "discriminator_losses": list(self.discriminator_losses),
            "loss_weights": self.loss_weights,
            "loss_intervals": self.loss_intervals,
        }

    def compile_from_config(self, config):
        self.compile(**config)
