// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/anchors_torch.h"
#include "core/attack/attack.h"
#include "core/base/rng.h"
#include "core/model/classifier_torch.h"
#include "core/threat/metric_torch.h"

#include <limits>
#include <optional>
#include <vector>

namespace brink {

/// Margin below zero by more than the lead asked for and the last bits of the logits, [N] bool.
[[nodiscard]] at::Tensor isBelowBoundary(const at::Tensor& margin, const at::Tensor& logits, const at::Tensor& lead);

/// Whether any value of a mask is true, where a look is cheap (the CPU); true on a device, which the look would hold up.
/// To leave out work that changes nothing, never to decide about a row.
[[nodiscard]] bool mayHoldAny(const at::Tensor& mask);

/// into = where(mask, from, into), by row and in place on the CPU. @param into [n,...] of which nobody else holds the memory.
/// @param mask [n] bool @param from [n,...]
void replaceRows(at::Tensor& into, const at::Tensor& mask, const at::Tensor& from);

/// What AttackSession::measure found out about one iterate of each active image.
struct Observation {
    at::Tensor x;             ///< [n,...]
    at::Tensor logits;        ///< [n,K]
    at::Tensor delta;         ///< [n,...] x - x0
    LogitLoss margin;         ///< reference minus best other (untargeted), best other minus target (targeted)
    at::Tensor distance;      ///< [n] in the attack's norm
    at::Tensor isAdversarial; ///< [n] bool: criterion met, with a guard against the last bits of the logits
};

/// One device batch of images under one attack: what an attack's loop sees. Rows are the images still worked on ("active",
/// n of them); finished ones leave the batch with retire() and compact(). Letters: n active images, K classes, [n,...] is
/// [n,C,H,W]. The session counts forwards and backwards per image, keeps the best perturbed image and the trace, and polls
/// the stop. A row never depends on another row: an attack must not reduce over the batch.
///
class AttackSession {
public:
    /// @param mostRows so many images are active at first; the others wait for admit().
    AttackSession(std::shared_ptr<const Classifier> classifier, const AttackInfo& info, const AttackRequest& request,
        std::span<const AttackItem> items, Monitor& monitor, std::size_t mostRows = std::numeric_limits<std::size_t>::max());

    [[nodiscard]] const Params& parameters() const { return m_request.parameters; }
    [[nodiscard]] const DistanceMetric& metric() const { return m_metric; }
    [[nodiscard]] Norm norm() const { return m_metric.norm(); }
    [[nodiscard]] int classes() const { return m_evaluator.classifier().classes(); }
    /// Budget of a fixed-budget attack in its norm.
    [[nodiscard]] double eps() const { return m_eps; }

    /// All that are to be attacked: active, waiting and finished ones.
    [[nodiscard]] std::int64_t images() const { return m_attackable; }
    [[nodiscard]] std::int64_t rows() const { return m_x0.size(0); }
    [[nodiscard]] const at::Tensor& x0() const { return m_x0; }                   ///< [n,...] clean images
    [[nodiscard]] const at::Tensor& cleanLogits() const { return m_cleanLogits; } ///< [n,K] from the base's own pass over x0
    [[nodiscard]] const Anchors& anchors() const { return m_anchors; }            ///< the criteria and their losses
    [[nodiscard]] const at::Tensor& confidence() const { return m_confidence; }   ///< [n] logit lead asked for
    /// Class that each image is led to in run number `run` of those with target classes, [n] int64: the item's rival, the
    /// criterion's target, or else the clean image's strongest other class number `run`.
    [[nodiscard]] at::Tensor classLedTo(std::int64_t run) const;
    /// All items have a rival of their own, so that one run with a target class is enough.
    [[nodiscard]] bool hasRivals() const { return m_hasRivals; }
    /// A value for every active row, [n].
    [[nodiscard]] at::Tensor full(double value) const;

    /// One pass with a graph. @param x [n,...], or [m n,...] with the rows of each image m times: then it counts m each.
    [[nodiscard]] ForwardPass forward(const at::Tensor& x);
    /// Logits without a graph; counted likewise.
    [[nodiscard]] at::Tensor logits(const at::Tensor& x);
    /// Logits of some rows [m] int64 only, x [m,...]; counted for these alone. Waits for a device.
    [[nodiscard]] at::Tensor logitsOf(const at::Tensor& rows, const at::Tensor& x);
    /// d(sum of weights * logits of each image)/dx, detached. @param weights [n,K] without a graph, e.g. of a LogitLoss.
    [[nodiscard]] at::Tensor gradient(const ForwardPass& pass, const at::Tensor& weights, bool keepGraph = false);

    /// What observe would record. @param x [n,...] inside the box and the budget; @param logits [n,K] of it.
    [[nodiscard]] Observation measure(const at::Tensor& x, const at::Tensor& logits) const;
    /// Records one iterate: trace, steps, and the best perturbed image. @param loss [n] what the attack decreases, for the
    /// trace; default: the margin. @param rank [n] what decides between successful iterates, smaller is better; default:
    /// distance (minimum-norm) or margin (fixed-budget). Rows retired but not yet compacted are left alone.
    void observe(const Observation& seen, const at::Tensor& loss = {}, const at::Tensor& rank = {});
    /// measure and observe in one.
    Observation observe(const at::Tensor& x, const at::Tensor& logits, const at::Tensor& loss = {}, const at::Tensor& rank = {});
    /// As observe, for the iterate after the last step: in the trace, but not one more step.
    void observeLast(const at::Tensor& x, const at::Tensor& logits, const at::Tensor& loss);
    /// As observe, where the margin and success are all that is asked for: inside a budget lengths are only taken where an image is
    /// fooled or a trace is kept; delta and distance may be undefined. @param isLast as observeLast.
    Observation judge(const at::Tensor& x, const at::Tensor& logits, const at::Tensor& loss = {}, bool isLast = false);
    /// An extra candidate without a trace step, e.g. of a final search.
    void offer(const Observation& seen, const at::Tensor& rank = {}) { keepBest(seen, rank); }
    /// measure and offer in one.
    Observation offer(const at::Tensor& x, const at::Tensor& logits, const at::Tensor& rank = {});

    [[nodiscard]] const at::Tensor& best() const { return m_best; }         ///< [n,...]; x0 where nothing was found
    [[nodiscard]] const at::Tensor& bestRank() const { return m_bestRank; } ///< [n]; infinity where nothing was found
    [[nodiscard]] at::Tensor isFound() const;                               ///< [n] bool
    /// Smallest distance of a successful iterate, [n]; infinity where nothing was found.
    [[nodiscard]] const at::Tensor& bestDistance() const { return m_bestDistance; }

    /// Marks rows as finished. @param isDone [n] bool.
    void retire(const at::Tensor& isDone);
    /// Drops retired rows. Returns the indices that stay, for the attack's own tensors, or nothing when all stay.
    /// Call it at steps that depend on the step number only, else counts would depend on batch mates.
    [[nodiscard]] std::optional<at::Tensor> compact();
    /// Makes waiting images active, behind the rows that are there, as far as there is room; returns how many. The attack
    /// extends its own tensors. No bits of another row depend on it.
    [[nodiscard]] std::int64_t admit();
    /// Makes active, in the order given, all images for which something was found, retired or not, and retires the others:
    /// for a final search after the loop. Tensors of the attack's own are no longer those of the rows.
    void recallFound();
    /// Makes active again, in the order given, all images that more work can serve: every image that is attacked, or, inside a
    /// budget, those not yet fooled. For a further start, by attacks that have no waiting images.
    void recallOpen();

    /// Poll once per iteration, and leave the loop when true.
    [[nodiscard]] bool stopRequested();
    void progress(std::int64_t done, std::int64_t total) { m_monitor.progress(m_part * total + done, m_parts * total); }
    /// The progress reported from here on is that of part `part` of `parts` of equal cost.
    void beginPart(std::int64_t part, std::int64_t parts);

    /// Random numbers [n,C,H,W], each row from its image's own stream (seed and attack name).
    [[nodiscard]] at::Tensor normal();
    [[nodiscard]] at::Tensor uniform();
    /// A few numbers [n,count] instead of an image of them.
    [[nodiscard]] at::Tensor uniform(std::int64_t count);
    /// Uniform in the ball of radius 1 of the attack's norm.
    [[nodiscard]] at::Tensor uniformInBall();

    /// Costs of one item so far.
    [[nodiscard]] EvaluationCounts costs(std::size_t item);

    /// Ends the attack: confirms the best of each image by a fresh forward, measures, collects.
    /// One outcome for every item given, in order.
    [[nodiscard]] std::vector<AttackOutcome> finish();

private:
    /// Iterates of one image, thinned by half whenever they would not fit.
    struct IterateLog {
        int next = 0;   ///< step number of the next one
        int stride = 1; ///< multiples of it are kept
        std::vector<AttackIterate> kept;
    };
    struct TraceBlock {
        std::vector<std::int64_t> images;
        std::vector<at::Tensor> steps; ///< [4,n] each: loss, margin, distance, class
    };

    void beginWith(const at::Tensor& cleanLogits);
    void findZeroGradients(const at::Tensor& gradient);
    void select(const at::Tensor& keep);
    void makeActive(std::vector<std::int64_t> images);
    [[nodiscard]] Observation judged(const at::Tensor& x, const at::Tensor& logits) const;
    void addLengths(Observation& seen) const;
    void flush();
    void record(const Observation& seen, const at::Tensor& loss);
    void keepIterates(const Observation& seen);
    void keepBest(const Observation& seen, const at::Tensor& rank);
    [[nodiscard]] at::Tensor random(at::Tensor values, bool isNormal);
    void confirm(std::vector<AttackOutcome>& outcomes);
    void confirm(std::vector<AttackOutcome>& outcomes, std::span<const std::size_t> images);
    void describeFailure(AttackOutcome& outcome, std::size_t image);
    void collectTrace(std::vector<AttackOutcome>& outcomes) const;

    Evaluator m_evaluator;
    const AttackInfo& m_info;
    const AttackRequest& m_request;
    std::span<const AttackItem> m_items;
    Monitor& m_monitor;
    DistanceMetric m_metric;
    double m_eps = 0;
    std::size_t m_mostRows;
    bool m_hasRivals = false;

    // Of the active rows.
    std::vector<std::int64_t> m_images; ///< row -> item
    Anchors m_anchors;
    at::Tensor m_x0, m_cleanLogits, m_confidence, m_best, m_bestRank, m_bestDistance, m_isDone;
    at::Tensor m_lastSeen; ///< fixed-budget attacks: the newest iterate; not defined before the first
    EvaluationCounts m_pending; ///< per active image, since the last change of the active set
    int m_pendingSteps = 0;
    bool m_hasRetired = false;

    // Of all items.
    std::vector<std::int64_t> m_rivals; ///< -1 without one
    Anchors m_allAnchors;
    at::Tensor m_allX0, m_allCleanLogits, m_allConfidence;
    std::vector<Image> m_bestImages;
    std::vector<Image> m_attempts; ///< of fixed-budget attacks, empty where one succeeded
    std::vector<float> m_bestRanks;
    std::vector<float> m_bestDistances;
    std::vector<bool> m_found;
    std::vector<bool> m_wasMisclassified;
    std::vector<bool> m_hasZeroGradient;
    std::vector<EvaluationCounts> m_counts;
    std::vector<int> m_steps;
    std::vector<Rng> m_rngs;
    std::int64_t m_attackable = 0;
    std::vector<std::int64_t> m_waiting; ///< items to admit, first at the back
    std::vector<TraceBlock> m_trace;
    std::vector<IterateLog> m_iterates; ///< of all items
    std::int64_t m_rowsWithoutGradient = 0; ///< the last ones, whose first gradient is still to come
    std::int64_t m_part = 0, m_parts = 1; ///< of the progress
    bool m_stopped = false;
};

/// The request with defaults filled in, after all checks of runAttack. @throws Error as runAttack.
[[nodiscard]] AttackRequest checkedRequest(const Classifier& classifier, const AttackRequest& request, std::span<const AttackItem> items);

/// What an attack's file provides under the name in attacks.def, which attack.cpp alone reads: data, and the loop over one session.
struct AttackEntry {
    AttackInfo info;
    void (*run)(AttackSession& session);
};

} // namespace brink
