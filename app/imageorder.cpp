// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/imageorder.h"

#include <algorithm>
#include <limits>

namespace brink {

namespace {

using State = ImagePrediction::State;

bool isShown(const ImageQuery& query, const ImagePrediction& prediction)
{
    switch (query.filter) {
    case ImageFilter::All:
        return true;
    case ImageFilter::Right:
        return prediction.isRight();
    case ImageFilter::Wrong:
        return prediction.isWrong();
    case ImageFilter::OfClass:
        return (prediction.label >= 0 ? prediction.label : prediction.predicted) == query.classIndex;
    }
    return true;
}

/// Ascending; what is not known comes last whatever the direction.
float sortKey(ImageSort sort, const ImagePrediction& prediction)
{
    if (prediction.state != State::Known)
        return std::numeric_limits<float>::infinity();
    switch (sort) {
    case ImageSort::SmallestMargin:
        return prediction.margin;
    case ImageSort::LargestMargin:
        return -prediction.margin;
    case ImageSort::LeastConfident:
        return prediction.confidence;
    case ImageSort::MostConfident:
        return -prediction.confidence;
    case ImageSort::Index:
        break;
    }
    return 0;
}

} // namespace

std::vector<int> imagesFor(const ImageQuery& query, const Predictions& predictions)
{
    std::vector<int> order;
    for (std::size_t i = 0; i < predictions.size(); ++i)
        if (isShown(query, predictions[i]))
            order.push_back(int(i));
    if (query.sort != ImageSort::Index)
        std::ranges::stable_sort(order, {}, [&](int image) { return sortKey(query.sort, predictions[std::size_t(image)]); });
    return order;
}

std::optional<int> nextWrong(const std::vector<int>& order, int image, int step, const Predictions& predictions)
{
    const auto found = std::ranges::find(order, image);
    const auto size = std::ptrdiff_t(order.size());
    std::ptrdiff_t place = found == order.end() ? -1 : found - order.begin();
    for (place += step; place >= 0 && place < size; place += step) {
        const int candidate = order[std::size_t(place)];
        if (std::size_t(candidate) < predictions.size() && predictions[std::size_t(candidate)].isWrong())
            return candidate;
    }
    return std::nullopt;
}

ThumbnailMarks thumbnailMarks(const Predictions& predictions)
{
    ThumbnailMarks marks;
    marks.reserve(predictions.size());
    for (const ImagePrediction& prediction : predictions) {
        ThumbnailMark mark{ThumbnailMark::State::None, prediction.predicted, prediction.margin, prediction.confidence};
        if (prediction.state == State::Refused)
            mark.state = ThumbnailMark::State::Refused;
        else if (prediction.state == State::Known)
            mark.state = prediction.isRight() ? ThumbnailMark::State::Right
                : prediction.isWrong()        ? ThumbnailMark::State::Wrong
                                              : ThumbnailMark::State::Unlabelled;
        marks.push_back(mark);
    }
    return marks;
}

} // namespace brink
