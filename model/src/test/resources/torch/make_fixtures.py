"""Writes the torch fixtures of TorchCheckpointTest: python make_fixtures.py FOLDER (PyTorch 1.13 was used)."""

import argparse
import collections
import os
import sys

import torch

folder = sys.argv[1]
base = torch.arange(12, dtype=torch.float32).reshape(3, 4)
torch.save(
    collections.OrderedDict(
        f64=torch.tensor([1.5, -2.0], dtype=torch.float64),
        f32=torch.tensor([1.5, -2.0]),
        f16=torch.tensor([1.5, -2.0], dtype=torch.float16),
        bf16=torch.tensor([1.5, -2.0], dtype=torch.bfloat16),
        i64=torch.tensor([-2, 3]),
        i32=torch.tensor([-2, 3], dtype=torch.int32),
        i16=torch.tensor([-2, 3], dtype=torch.int16),
        i8=torch.tensor([-2, 3], dtype=torch.int8),
        u8=torch.tensor([254, 3], dtype=torch.uint8),
        bool=torch.tensor([False, True]),
        whole=base,
        transposed=base.t(),
        column=base[:, 1],
        row=base[2],
        every_second=base[::2, ::2],
        expanded=torch.tensor([7.0]).expand(2, 3),
        scalar=torch.tensor(3.0),
        empty=torch.zeros(0, 3),
        parameter=torch.nn.Parameter(torch.tensor([4.0])),
    ),
    f"{folder}/types.pt",
)
torch.save({"f32": torch.tensor([1.5])}, f"{folder}/protocol4.pt", pickle_protocol=4)
torch.save(
    {"f32": torch.tensor([1.5])},
    f"{folder}/before-1.6.pt",
    _use_new_zipfile_serialization=False,
)

linear = torch.nn.Linear(2, 1)
optimizer = torch.optim.AdamW(linear.parameters())
linear(torch.ones(1, 2)).sum().backward()
optimizer.step()
with torch.no_grad():
    linear.weight.copy_(torch.tensor([[1.0, 2.0]]))
    linear.bias.fill_(3)
torch.save(
    {
        "model": linear.state_dict(),
        "opt": optimizer.state_dict(),
        "args": argparse.Namespace(lr=1e-4, sizes=[1, 2]),
    },
    f"{folder}/without-ema.pt",
)
torch.save(linear, f"{folder}/whole-module.pt")
torch.save([torch.ones(1)], f"{folder}/list.pt")
torch.save({"epoch": 3, "lr": 0.1}, f"{folder}/no-tensors.pt")


class Hostile:
    def __reduce__(self):
        return os.system, ("echo attacked",)


torch.save({"model": Hostile()}, f"{folder}/hostile.pt")
