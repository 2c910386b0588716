#!/usr/bin/python3
"""Weights that move both ways: a checkpoint that PyTorch wrote is converted, denoised and sampled with, converted
back and loaded by PyTorch again; and the model that ships with Latte4J is loaded by PyTorch.

Needs PyTorch and NumPy (Debian: apt-get install python3-torch python3-numpy), and Latte4J built.
Run:  docs/checks/torch_round_trip.py [WORK-FOLDER]
Prints a line a check and ends with status 1 if one of them fails. The network below is written from the paper; the
names of its parameters are the reference implementation's.
"""
import json
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

HOME = Path(__file__).resolve().parents[2]
TYPES = {"F32": np.float32, "F16": np.float16, "I64": np.int64}


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        weights = ((q @ k.transpose(-2, -1)) * (d // self.heads) ** -0.5).softmax(-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(b, n, d))


class Mlp(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x), approximate="tanh"))


def modulated(x, shift, scale):
    return F.layer_norm(x, x.shape[-1:], eps=1e-6) * (1 + scale) + shift


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.attn = Attention(width, heads)
        self.mlp = Mlp(width)
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(width, 6 * width))

    def forward(self, x, c):
        s1, g1, a1, s2, g2, a2 = self.adaLN_modulation(c)[:, None].chunk(6, -1)
        x = x + a1 * self.attn(modulated(x, s1, g1))
        return x + a2 * self.mlp(modulated(x, s2, g2))


class Latte(nn.Module):
    """Variant 1, uniform frames, S-AdaLN, absolute positions: x [B,F,C,H,W], t [B], y [B] -> [B,F,2C,H,W]."""

    def __init__(self, depth, width, heads, patch, frames, channels, height, latent_width, classes):
        super().__init__()
        self.patch, self.grid = patch, (height // patch, latent_width // patch)
        tokens = self.grid[0] * self.grid[1]
        self.pos_embed = nn.Parameter(table_2d(width, *self.grid)[None], requires_grad=False)
        self.temp_embed = nn.Parameter(table_1d(width, torch.arange(frames))[None], requires_grad=False)
        self.x_embedder = nn.Module()
        self.x_embedder.proj = nn.Conv2d(channels, width, patch, patch)
        self.t_embedder = nn.Module()
        self.t_embedder.mlp = nn.Sequential(nn.Linear(256, width), nn.SiLU(), nn.Linear(width, width))
        if classes:
            self.y_embedder = nn.Module()
            self.y_embedder.embedding_table = nn.Embedding(classes + 1, width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(depth))
        self.final_layer = nn.Module()
        self.final_layer.linear = nn.Linear(width, patch * patch * 2 * channels)
        self.final_layer.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(width, 2 * width))

    @torch.no_grad()
    def forward(self, x, t, y):
        b, f, channels = x.shape[:3]
        n = self.grid[0] * self.grid[1]
        h = self.x_embedder.proj(x.flatten(0, 1)).flatten(2).transpose(1, 2) + self.pos_embed
        angles = t[:, None].float() * torch.exp(-np.log(10000) * torch.arange(128).float() / 128)
        c = self.t_embedder.mlp(torch.cat([angles.cos(), angles.sin()], -1))
        if y is not None:
            c = c + self.y_embedder.embedding_table(y)
        of_frames, of_places = c.repeat_interleave(f, 0), c.repeat_interleave(n, 0)
        for i, block in enumerate(self.blocks):
            if i % 2 == 0:
                h = block(h, of_frames)
            else:
                h = h.reshape(b, f, n, -1).transpose(1, 2).reshape(b * n, f, -1)
                h = block(h + self.temp_embed if i == 1 else h, of_places)
                h = h.reshape(b, n, f, -1).transpose(1, 2).reshape(b * f, n, -1)
        shift, scale = self.final_layer.adaLN_modulation(of_frames)[:, None].chunk(2, -1)
        out = self.final_layer.linear(modulated(h, shift, scale))
        (rows, columns), p = self.grid, self.patch
        out = out.reshape(b, f, rows, columns, p, p, 2 * channels).permute(0, 1, 6, 2, 4, 3, 5)
        return out.reshape(b, f, 2 * channels, rows * p, columns * p)


def table_1d(width, positions):
    angles = positions.double()[:, None] / 10000 ** (torch.arange(width // 2).double() / (width // 2))
    return torch.cat([angles.sin(), angles.cos()], -1).float()


def table_2d(width, rows, columns):
    of_columns = table_1d(width // 2, torch.arange(columns)).repeat(rows, 1)
    of_rows = table_1d(width // 2, torch.arange(rows)).repeat_interleave(columns, 0)
    return torch.cat([of_columns, of_rows], -1)


def read_safetensors(path):
    data = Path(path).read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    return {
        name: torch.from_numpy(
            np.frombuffer(data[8 + length :][slice(*entry["data_offsets"])], TYPES[entry["dtype"]])
            .reshape(entry["shape"])
            .copy()
        )
        for name, entry in header.items()
    }


def write_safetensors(path, tensors):
    header, values = {}, b""
    for name, tensor in tensors.items():
        dtype = "I64" if tensor.dtype == torch.int64 else "F32"
        content = tensor.numpy().astype(TYPES[dtype]).tobytes()
        header[name] = {
            "dtype": dtype,
            "shape": list(tensor.shape),
            "data_offsets": [len(values), len(values) + len(content)],
        }
        values += content
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    Path(path).write_bytes(struct.pack("<Q", len(text)) + text + values)


def latte(*words):
    command = [str(HOME / "bin" / "latte"), *map(str, words)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\nended with {done.returncode}:\n{done.stdout}")


FAILED = []


def check(what, holds):
    print(("ok      " if holds else "FAILED  ") + what)
    if not holds:
        FAILED.append(what)


def load(path, part, *sizes):
    model = Latte(*sizes)
    model.load_state_dict(torch.load(path)[part], strict=True)
    return model


def denoised(work, weights, inputs, heads, *words):
    write_safetensors(work / "in.safetensors", inputs)
    latte("denoise", "--weights", weights, "--inputs", work / "in.safetensors",
          "--output", work / "out.safetensors", "--set", f"model.heads={heads}", *words)
    return read_safetensors(work / "out.safetensors")["out"]


def from_torch_and_back(work):
    """PyTorch -> Latte4J -> PyTorch, with random weights that are far from their initial values."""
    sizes = (4, 64, 4, 2, 4, 4, 8, 8, 5)  # depth, width, heads, patch, F, C, H, W, K
    parts = {}
    for part in ("model", "ema"):
        made = Latte(*sizes)
        for parameter in made.parameters():
            if parameter.requires_grad:
                nn.init.normal_(parameter, std=0.08)
        parts[part] = made
    torch.save({part: made.state_dict() for part, made in parts.items()}, work / "first.pt")
    inputs = {
        "t": torch.tensor([7, 431]),
        "y": torch.tensor([2, 5]),
        "x": torch.randn(2, 4, 4, 8, 8),
    }
    expected = parts["ema"](inputs["x"], inputs["t"], inputs["y"])

    latte("convert", "--input", work / "first.pt", "--output", work / "model", "--set", "model.heads=4",
          "--autoencoder", "dct-4-2-1", "--classes", "a,b,c,d,e")
    out = denoised(work, work / "model", inputs, 4)
    difference = (out - expected).abs().max().item()
    check(f"denoise gives PyTorch's output: largest difference {difference:.1e} of {expected.abs().max():.1f}",
          difference < 1e-4)

    latte("sample", "--checkpoint", work / "model", "--output", work / "videos", "--master", "local[1]",
          "--set", "sample.sampler=ddim", "--set", "sample.steps=5", "--set", "sample.guidance=1")
    check("sample makes a video of every class", len(list((work / "videos").rglob("*.mp4"))) == 5)

    latte("convert", "--input", work / "model", "--output", work / "back.pt", "--part", "model")
    back = load(work / "back.pt", "model", *sizes)
    check("converted back: PyTorch loads it strictly, and gives the same output to the bit",
          torch.equal(back(inputs["x"], inputs["t"], inputs["y"]), expected))

    for name in ("w.safetensors.index.json", "w.zip"):
        latte("convert", "--input", work / "first.pt", "--output", work / name, "--set", "model.heads=4", "--part", "ema",
              *(["--max-shard-size", "300KiB"] if name.endswith("json") else []))
        latte("convert", "--input", work / name, "--output", work / "again.pt", "--part", "model")
        again = load(work / "again.pt", "model", *sizes).state_dict()
        same = all(
            torch.equal(value, again[key]) if not key.endswith("_embed") else torch.allclose(value, again[key], atol=1e-6)
            for key, value in parts["ema"].state_dict().items())
        check(f"by way of {name}: every parameter the same to the bit", same)

    latte("convert", "--input", work / "first.pt", "--output", work / "half.pt", "--type", "f16")
    half = torch.load(work / "half.pt")
    check("in half precision: PyTorch's own rounding, both parts",
          all(torch.equal(value.half(), half[part][key])
              for part, made in parts.items() for key, value in made.state_dict().items()))


def what_ships(work):
    """Latte4J -> PyTorch: the demo's checkpoint, trained by Latte4J."""
    folder = HOME / "conf" / "demo" / "checkpoint"
    network = json.loads((folder / "model.json").read_text())["model"]["network"]
    latent = network["latent"]
    sizes = (network["depth"], network["hiddenSize"], network["heads"], network["patchSize"],
             latent["frames"], latent["channels"], latent["height"], latent["width"], network["classes"])
    latte("convert", "--input", folder, "--output", work / "demo.pt")
    model = load(work / "demo.pt", "model", *sizes)
    inputs = {
        "t": torch.tensor([500]),
        "y": torch.tensor([1]),
        "x": torch.randn(1, latent["frames"], latent["channels"], latent["height"], latent["width"]),
    }
    expected = model(inputs["x"], inputs["t"], inputs["y"])
    out = denoised(work, folder, inputs, network["heads"])
    difference = (out - expected).abs().max().item()
    check(f"what Latte4J trained gives the same in PyTorch: largest difference {difference:.1e} of"
          f" {expected.abs().max():.1f}", difference < 1e-3)


def main():
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(sys.argv[1] if len(sys.argv) > 1 else temporary)
        work.mkdir(parents=True, exist_ok=True)
        from_torch_and_back(work)
        what_ships(work)
    sys.exit(1 if FAILED else 0)


main()
