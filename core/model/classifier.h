// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/modelcard.h"

#include <cstdint>
#include <memory>
#include <string>

namespace brink {

/// Exact cost of a run, in images: one forward of a batch of 64 counts 64.
struct EvaluationCounts {
    std::int64_t forwards = 0;
    std::int64_t backwards = 0;

    EvaluationCounts& operator+=(const EvaluationCounts& other)
    {
        forwards += other.forwards;
        backwards += other.backwards;
        return *this;
    }
    bool operator==(const EvaluationCounts&) const = default;
};

/// Shared handle to a frozen model in eval mode. Immutable and safe to use from several threads at once.
/// Input: pixels [N,C,H,W] float32 in [0,1], RGB or grey; range, mean/std and channel order are applied inside and
/// differentiated. Output: logits [N,K]. Tensor calls only through classifier_torch.h.
class Classifier {
public:
    struct Impl; ///< in classifier_torch.h

    explicit Classifier(std::unique_ptr<Impl> impl);
    ~Classifier();
    Classifier(const Classifier&) = delete;
    Classifier& operator=(const Classifier&) = delete;

    [[nodiscard]] const ModelCard& card() const;
    [[nodiscard]] const std::string& path() const;
    [[nodiscard]] const std::string& sha256() const;  ///< of the file
    [[nodiscard]] int channels() const;
    [[nodiscard]] int height() const;
    [[nodiscard]] int width() const;
    [[nodiscard]] std::int64_t dimension() const;     ///< C*H*W
    [[nodiscard]] int classes() const;                ///< K >= 2
    [[nodiscard]] std::int64_t parameterCount() const;
    [[nodiscard]] std::string device() const;         ///< "cpu", "cuda:0"
    /// Outputs are probabilities (in [0,1], rows sum to 1): margins then come from log-probabilities, with a warning.
    [[nodiscard]] bool givesProbabilities() const;
    /// Twice differentiable: the graph has smooth activations only (no relu, max-pool, clamp ...).
    [[nodiscard]] bool isSmooth() const;
    /// Batch size at which forward plus gradient is fastest per image, found by calibration within the memory budget.
    [[nodiscard]] int bestBatch() const;
    [[nodiscard]] std::string className(std::int64_t index) const; ///< card name, or the number

    [[nodiscard]] const Impl& impl() const { return *m_impl; }

private:
    std::unique_ptr<Impl> m_impl;
};

struct LoadOptions {
    std::string device = "cpu";
    /// Overrides of the card file, given on the command line or in the card editor. Only keys present are applied.
    Json cardOverrides = Json::object();
    bool isTrusted = false;     ///< allow graphs with file or process access
    bool calibrateBatch = true; ///< off: bestBatch() is 64
};

/// Loads TorchScript, freezes, checks input and output shapes by probing.
/// @throws Error with one plain sentence for: no TorchScript (a state_dict, a pickled nn.Module: says how to export),
/// truncated or corrupted files, output not [N,K], K = 1, NaN or infinite logits, file or process access in the graph.
[[nodiscard]] std::shared_ptr<const Classifier> loadClassifier(const std::string& path, const LoadOptions& options = {});

} // namespace brink
