"""Chinese (simplified), in the terms of the field.

Glossary: backpropagation 反向传播 · forward pass 前向传播 · error signal δ 误差信号 · pre-activation z 预激活值 ·
activation a 激活值 · activation function 激活函数 · slope 斜率 · weight 权重 · bias 偏置 · weighted sum 加权和 ·
neuron 神经元 · layer 层 · hidden layer 隐藏层 · input 输入 · output 输出 · target 目标值 · loss 损失（函数） ·
cost 代价 · gradient 梯度 · derivative 导数 · partial derivative 偏导数 · chain rule 链式法则 ·
Jacobian 雅可比矩阵 · Hessian 黑塞矩阵 · transpose 转置 · entry by entry 按分量、逐元素 · row by row 逐行 ·
Kronecker’s delta 克罗内克 δ · kink 折点 · gradient descent 梯度下降法 · learning rate 学习率 · momentum 动量 ·
mini-batch 小批量 · epoch 轮 · sample 样本 · held out 留出 · weight decay 权重衰减 · central differences 中心差分 ·
complex step 复数步长法 · reverse mode in balls 球算术下的反向模式 · rounding 舍入 · certified 经过证明 ·
verdict 结论 · claim 论断 · counter-example 反例
"""

from __future__ import annotations

from functools import partial
from types import ModuleType

from reports.wording.chinese import (
    checking,
    derivation,
    documents,
    examples_curves,
    examples_networks,
    examples_neuron,
    examples_programs,
    exercises,
    given,
    limits,
    network,
    numbers,
    refusals,
    terminal,
    training,
    verdicts,
    words,
)
from reports.wording.chinese.spacing import spaced
from reports.wording.language import Language
from reports.wording.native import LANGUAGE as ENGLISH
from reports.wording.table import by_english, by_key, joined, named

_SENTENCES = (network, derivation, numbers, exercises)
_PHRASES = (given, training, checking, examples_curves, examples_networks, examples_neuron, examples_programs, terminal)
_WORDS = (checking, words, terminal, refusals, verdicts, limits, documents)
_BY_KEY = partial(by_key, glue="")
_FIGURES = {word: str(number) for number, word in enumerate(ENGLISH.numerals) if number}


def _phrases(module: ModuleType) -> dict[str, str]:
    return named(module.__name__, by_english, module.PHRASES)


def _words(module: ModuleType) -> dict[str, str]:
    return named(module.__name__, by_english, module.WORDS)


def _sentences(module: ModuleType) -> dict[str, str]:
    return named(module.__name__, _BY_KEY, module.SENTENCES)


LANGUAGE = Language(
    code="zh",
    name="中文",
    sentences=joined(network.SMALL, *map(_sentences, _SENTENCES)),
    phrases=joined(given.SMALL, training.SMALL, terminal.SMALL, *map(_phrases, _PHRASES)),
    words=joined(_FIGURES, *map(_words, _WORDS)),
    nouns={
        "input": ("个输入", "个输入"),
        "output": ("个输出", "个输出"),
        "neuron": ("个神经元", "个神经元"),
        "weight": ("个权重", "个权重"),
        "bias": ("个偏置", "个偏置"),
        "rule": ("条规则", "条规则"),
        "step": ("步", "步"),
        "entry": ("个元素", "个元素"),
    },
    between="",
    colon="：",
    signs=words.SIGNS,
    spaced=spaced,
    fonts=(
        "Noto Serif CJK SC",
        "Source Han Serif SC",
        "Songti SC",
        "SimSun",
        "Noto Serif SC",
        "Noto Sans CJK SC",
        "Source Han Sans SC",
        "Noto Sans SC",
        "PingFang SC",
        "Microsoft YaHei",
        "WenQuanYi Zen Hei",
        "WenQuanYi Micro Hei",
        "AR PL UMing CN",
        "Droid Sans Fallback",
    ),
    font_package="Noto Serif CJK SC (on Debian and Ubuntu: apt install fonts-noto-cjk)",
)
