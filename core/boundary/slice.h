// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/monitor.h"
#include "core/boundary/plane.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace brink {

/// A picture of the classes on a plane. Equal requests give equal pictures, whatever the batch or the threads.
struct SliceRequest {
    std::shared_ptr<const Classifier> model;
    Plane plane;
    SliceFrame frame;
    int resolution = 256;     ///< points a side of the last picture: a power of two times `coarsest`
    int coarsest = 32;        ///< of the first picture
    bool clipsToBox = false;  ///< points outside of the pixel box are clipped to it before the model sees them
    bool computesAll = false; ///< every point of every picture, also where no boundary is near
    std::int64_t imageIndex = 0;
    std::vector<std::string> classNames{}; ///< used where the model's card has none and there are as many as classes
};

/// The name of a class: of the card, else of the list where that has one for each class, else its number.
[[nodiscard]] std::string classNameOf(const Classifier& model, std::int64_t label, const std::vector<std::string>& names);

/// Values at the points of a picture, row 0 on top. A point stands for the square cell it lies in.
struct SliceGrid {
    int size = 0;                          ///< points a side
    std::vector<std::int16_t> labels;      ///< [size,size] class of the largest logit; never interpolated
    std::vector<float> margins;            ///< [size,size] largest minus second largest logit
    std::vector<float> confidences;        ///< [size,size] softmax of the largest logit
    /// [size,size] 1 where the model was asked; elsewhere the label is that of a coarser picture, in the middle of a region, and
    /// margin and confidence are interpolated between points of it.
    std::vector<std::uint8_t> isComputed;

    [[nodiscard]] std::size_t at(int row, int column) const { return std::size_t(row) * std::size_t(size) + std::size_t(column); }
};

/// A class that the picture shows.
struct SliceClass {
    std::int64_t label = 0;
    std::string name;
    double share = 0;   ///< of the picture
    int components = 0; ///< connected parts of it, by edges
};

/// One picture, complete at its resolution.
struct SliceResult {
    std::string modelName, modelSha256;
    std::vector<std::string> classNames;           ///< of all classes, by index
    std::int64_t imageIndex = 0;
    std::shared_ptr<const Plane> plane;
    SliceFrame frame;
    bool clipsToBox = false;
    std::shared_ptr<const SliceGrid> grid;
    int wanted = 0;                                ///< resolution asked for
    std::vector<SliceClass> classes;               ///< by share, largest first
    int components = 0;                            ///< fragmentation: connected regions of one label (Somepalli et al. 2022)
    std::vector<std::array<double, 2>> box;        ///< part of the frame inside the pixel box; empty: none
    double insideBox = 0;                          ///< its share of the frame
    double computedShare = 0;                      ///< of the picture's points the model was asked about
    bool partial = false;                          ///< stopped: coarser than wanted
    EvaluationCounts counts;
    double seconds = 0;
    Warnings warnings;
};

/// Pictures of 32, 64, 128 ... points a side, called from the worker thread as each is complete.
using SlicePublish = std::function<void(std::shared_ptr<const SliceResult>)>;

/// Coarse to fine. Points of a coarser picture are points of the finer ones, so no point is computed twice. From the second
/// picture on the model is asked only where the coarser one has a change of label within two cells, or where the margin might
/// reach 0 within a cell at its steepest local change. Forwards only; a stop is felt between device batches, which shrink
/// where the model is slow.
/// @throws Error(Domain|Shape|Usage) before any work for a request that makes no sense.
[[nodiscard]] SliceResult computeSlice(const SliceRequest& request, Monitor& monitor, const SlicePublish& publish = {});

/// What the model says at one point.
struct SlicePoint {
    Image image;                 ///< as shown to the model
    std::vector<double> logits;
    std::int64_t label = 0;
    double margin = 0;
    double confidence = 0;
    bool isInBox = true;
};
[[nodiscard]] SlicePoint slicePoint(const std::shared_ptr<const Classifier>& model, const Plane& plane, double a, double b, bool clips);

/// Where the point of a cell lies in the plane. @param wanted resolution of the whole request, which fixes the points of coarser pictures.
[[nodiscard]] std::array<double, 2> slicePlace(const SliceFrame& frame, int size, int wanted, int row, int column);

/// Number of connected regions of each label 0 .. largest, by edges. [size,size]
[[nodiscard]] std::vector<int> labelComponents(const std::vector<std::int16_t>& labels, int size);

[[nodiscard]] Json toJson(const SliceResult& result);

} // namespace brink
