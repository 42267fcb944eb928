// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/classifier.h"
#include "tests/core/model/tinymodels_torch.h"

#include <QTemporaryDir>
#include <QTest>

#include <array>

namespace brink::test {

inline std::shared_ptr<const Classifier> savedAndLoaded(const torch::jit::Module& module, std::array<int, 3> input, Json card = Json::object())
{
    const QTemporaryDir folder;
    const auto file = folder.filePath("model.pt").toStdString();
    module.save(file);
    card["input"] = input;
    return loadClassifier(file, {.cardOverrides = card, .calibrateBatch = false});
}

/// 3x8x8 -> 4 logits by the lines of `body`, with weights of one kind each: w0, w1 a convolution [6,3,3,3] and its bias, w2 a matrix [4,192]
/// for the flattened picture, w3 [4,216] for six channels of 6x6, w4 [4,384] for six of 8x8, w5 [4,6], w6 a grouped convolution [6,1,3,3],
/// w7 [6,3,2,2], w8 [6,6,3,3], w9 [4,96] for six channels of 4x4, w10 to w13 of a batch-norm of six channels.
inline std::shared_ptr<const Classifier> operatorModel(const std::string& body, const Json& card = Json::object())
{
    return savedAndLoaded(moduleOf("def forward(self, x):\n" + body,
                              {fixedNormal({6, 3, 3, 3}, 1, 0.3), fixedNormal({6}, 2, 0.2), fixedNormal({4, 192}, 3, 0.2), fixedNormal({4, 216}, 4, 0.2),
                                  fixedNormal({4, 384}, 5, 0.2), fixedNormal({4, 6}, 6, 0.8), fixedNormal({6, 1, 3, 3}, 7, 0.4), fixedNormal({6, 3, 2, 2}, 8, 0.4),
                                  fixedNormal({6, 6, 3, 3}, 9, 0.25), fixedNormal({4, 96}, 10, 0.3), fixedNormal({6}, 11, 0.5) + 1, fixedNormal({6}, 12, 0.3),
                                  fixedNormal({6}, 13, 0.3), fixedNormal({6}, 14, 0.2).abs() + 0.5}),
        {3, 8, 8}, card);
}

/// One row for each operator that bounds are carried through, with all its parameters in use.
inline void addOperatorRows()
{
    QTest::addColumn<QString>("body");
    const auto row = [](const char* name, const QString& body) { QTest::addRow("%s", name) << body; };
    const QString flat6 = "  return torch.linear(torch.flatten(x, 1), self.w3)\n", flat8 = "  return torch.linear(torch.flatten(x, 1), self.w4)\n";
    const QString flat4 = "  return torch.linear(torch.flatten(x, 1), self.w9)\n", conv8 = "  x = torch.conv2d(x, self.w0, self.w1, [1, 1], [1, 1])\n";
    const QString input = "  return torch.linear(torch.flatten(x, 1), self.w2)\n", pooled = "  return torch.linear(torch.mean(x, [2, 3]), self.w5)\n";
    row("linear", input);
    row("addmm", "  x = torch.relu(torch.conv2d(x, self.w0))\n  return torch.addmm(self.w5[:, 0], torch.flatten(x, 1), torch.t(self.w3))\n");
    row("convolution and relu", "  x = torch.relu(torch.conv2d(x, self.w0, self.w1))\n" + flat6);
    row("two convolutions", conv8 + "  x = torch.relu(torch.conv2d(torch.relu(x), self.w8))\n" + flat6);
    row("stride and padding", "  x = torch.relu(torch.conv2d(x, self.w0, self.w1, [2, 2], [1, 1]))\n" + flat4);
    row("stride that leaves a row over", "  x = torch.relu(torch.conv2d(x, self.w7, self.w1, [3, 3]))\n" + pooled);
    row("dilation", "  x = torch.relu(torch.conv2d(x, self.w0, self.w1, [1, 1], [2, 2], [2, 2]))\n" + flat8);
    row("groups", conv8 + "  x = torch.conv2d(torch.relu(x), self.w6, None, [1, 1], [1, 1], [1, 1], 6)\n  x = torch.relu(x)\n" + flat8);
    row("batch-norm between relus",
        conv8 + "  x = torch.batch_norm(torch.relu(x), self.w10, self.w11, self.w12, self.w13, False, 0.1, 1e-5, False)\n  x = torch.relu(x)\n" + flat8);
    row("leaky relu", conv8 + "  x = torch.leaky_relu(x, 0.1)\n" + flat8);
    row("relu with a bound", conv8 + "  x = torch.clamp(2.0 * x, 0.0, 1.0)\n" + flat8);
    row("clamp away from zero, twice", conv8 + "  x = torch.hardtanh(x, 0.2, 0.9)\n  x = torch.clamp(torch.conv2d(x, self.w8), -0.4, 0.3)\n" + flat6);
    row("relu6", conv8 + "  x = torch.relu6(8.0 * x)\n" + flat8);
    row("limits on one side", conv8 + "  x = torch.clamp_max(torch.clamp_min(x, -0.2), 0.5)\n  x = torch.clamp(x, max=0.4)\n" + flat8);
    row("sigmoid", conv8 + "  x = torch.sigmoid(3.0 * x)\n" + flat8);
    row("tanh", conv8 + "  x = torch.tanh(2.0 * x)\n" + flat8);
    row("softplus", conv8 + "  x = torch.softplus(x, 2.0, 30.0)\n" + flat8);
    row("sigmoid twice", "  x = torch.sigmoid(2.0 * torch.conv2d(x, self.w0, self.w1))\n  x = torch.sigmoid(torch.linear(torch.flatten(x, 1), self.w3) * 2.0)\n  return x * 3.0\n");
    row("average pooling", conv8 + "  x = torch.avg_pool2d(torch.relu(x), [2, 2])\n  x = torch.relu(x - 0.1)\n" + flat4);
    row("average pooling that counts no padding", conv8 + "  x = torch.avg_pool2d(torch.relu(x), [3, 3], [2, 2], [1, 1], False, False)\n" + flat4);
    row("average pooling that overlaps", conv8 + "  x = torch.avg_pool2d(torch.relu(x), [3, 3], [1, 1], [1, 1], False, True)\n" + flat8);
    row("adaptive pooling to a point", conv8 + "  x = torch.flatten(torch.adaptive_avg_pool2d(torch.relu(x), [1, 1]), 1)\n  return torch.linear(x, self.w5)\n");
    row("adaptive pooling to 4x4", conv8 + "  x = torch.adaptive_avg_pool2d(torch.relu(x), [4, 4])\n" + flat4);
    row("mean", conv8 + "  x = torch.relu(x)\n" + pooled);
    row("max pooling", conv8 + "  x = torch.max_pool2d(x, [2, 2])\n" + flat4);
    row("max pooling of relus", conv8 + "  x = torch.max_pool2d(torch.relu(x), [2, 2], [2, 2])\n  x = torch.relu(x - 0.2)\n" + flat4);
    row("convolutions behind max pooling",
        conv8 + "  x = torch.max_pool2d(torch.relu(x), [2, 2])\n  x = torch.relu(torch.conv2d(x, self.w8, None, [1, 1], [1, 1]))\n" + flat4);
    row("convolutions behind max pooling that overlaps",
        conv8 + "  x = torch.max_pool2d(torch.relu(x), [2, 3], [1, 1], [1, 1], [1, 1])\n  x = torch.relu(torch.conv2d(x, self.w8, self.w1, [2, 2], [0, 1]))\n" + flat4);
    row("max pooling that overlaps, padded", conv8 + "  x = torch.max_pool2d(torch.relu(x), [3, 3], [2, 2], [1, 1])\n" + flat4);
    row("residual sum", conv8 + "  x = torch.relu(x)\n  x = torch.relu(torch.conv2d(x, self.w8, None, [1, 1], [1, 1]) + x)\n" + flat8);
    row("convolutions without a relu between", conv8 + "  x = torch.conv2d(torch.relu(x), self.w8, self.w1, [1, 1], [1, 1])\n  x = torch.relu(torch.conv2d(x, self.w8, None, [1, 1], [1, 1]))\n" + flat8);
    row("residual sum with a stride",
        conv8 + "  x = torch.relu(x)\n  y = torch.conv2d(torch.relu(torch.conv2d(x, self.w8, self.w1, [2, 2], [1, 1])), self.w8, None, [1, 1], [1, 1])\n"
            "  x = torch.relu(y + torch.conv2d(x, self.w8[:, :, 1:2, 1:2], None, [2, 2]))\n  x = torch.relu(torch.conv2d(x, self.w8, None, [1, 1], [1, 1]))\n" + flat4);
    row("a scale of its own for each number", conv8 + "  x = torch.relu(x) * torch.reshape(self.w4[0] * 4.0, [6, 8, 8])\n  x = torch.relu(torch.conv2d(x, self.w8, None, [1, 1], [1, 1]))\n" + flat8);
    row("residual difference", conv8 + "  x = torch.relu(x)\n  x = torch.relu(torch.sub(torch.conv2d(x, self.w8, None, [1, 1], [1, 1]), x, alpha=0.5))\n" + flat8);
    row("concatenation", "  y = torch.conv2d(x, self.w0, self.w1, [1, 1], [1, 1])\n  x = torch.cat([torch.relu(y[:, 0:2]), torch.sigmoid(y[:, 2:6])], 1)\n" + flat8);
    row("arithmetic with constants", "  x = (1.0 - x * 0.5) / 0.25 + 0.1\n  x = -torch.relu(torch.conv2d(x - 0.5, self.w0, self.w1))\n" + flat6);
    row("padding with a value", "  x = torch.constant_pad_nd(x, [1, 1, 1, 1], 0.5)\n  x = torch.relu(torch.conv2d(x, self.w0, self.w1))\n" + flat8);
    row("shortcut of padded channels",
        "  y = torch.relu(torch.conv2d(x, self.w0, self.w1, [2, 2], [1, 1]))\n  x = torch.pad(x[:, :, ::2, ::2], [0, 0, 0, 0, 1, 2], \"constant\", 0.)\n  x = torch.relu(x + y)\n" + flat4);
    row("permutation", "  x = torch.relu(torch.conv2d(x, self.w0, self.w1))\n  x = torch.permute(x, [0, 2, 3, 1])\n" + flat6);
    row("linear at each place", "  x = torch.relu(torch.linear(torch.transpose(torch.flatten(torch.conv2d(x, self.w0), 2), 1, 2), self.w5))\n  return torch.mean(x, 1)\n");
    row("flip and channel order", "  x = torch.index_select(torch.flip(x, [3]), 1, torch.tensor([2, 0, 1]))\n  x = torch.relu(torch.conv2d(x, self.w0, self.w1))\n" + flat6);
    row("one place of many", conv8 + "  x = torch.relu(x)\n  return torch.linear(torch.select(torch.select(x, 3, -1), 2, 1), self.w5)\n");
    row("in place", conv8 + "  y = torch.relu_(x)\n" + flat8);
    row("sizes asked for", conv8 + "  x = torch.relu(x).reshape([x.size(0), x.size(1) * x.size(2) * x.size(3)])\n  return torch.linear(x, self.w4)\n");
}

inline at::Tensor someImages(int count, std::vector<std::int64_t> shape, std::uint64_t seed)
{
    shape.insert(shape.begin(), count);
    return at::rand(shape, at::make_generator<at::CPUGeneratorImpl>(seed), at::kFloat);
}

} // namespace brink::test
