// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/imagebrowser.h"

#include "app/qtext.h"

#include <QTimer>

#include <algorithm>
#include <numeric>

namespace brink {

namespace {

/// While predictions arrive the order is made anew this often; faster would make it jump under the pointer.
constexpr int rebuildMs = 500;

/// What is known, with the labels of images that no model has predicted yet.
Predictions withAllLabels(const Dataset& dataset, const std::shared_ptr<const Predictions>& known)
{
    Predictions predictions = known ? *known : Predictions{};
    predictions.resize(std::size_t(dataset.size()));
    for (std::size_t i = 0; i < predictions.size(); ++i)
        if (predictions[i].state == ImagePrediction::State::Open)
            predictions[i].label = std::int32_t(dataset.label(std::int64_t(i)).value_or(-1));
    return predictions;
}

} // namespace

ImageBrowser::ImageBrowser(Session& session, SetPredictions& predictions, QObject* parent)
    : QObject(parent), m_session(session), m_predictions(predictions), m_timer(new QTimer(this))
{
    m_timer->setSingleShot(true);
    m_timer->setInterval(rebuildMs);
    connect(m_timer, &QTimer::timeout, this, &ImageBrowser::rebuild);
    connect(&predictions, &SetPredictions::changed, this, &ImageBrowser::follow);
    connect(&session, &Session::datasetOpened, this, &ImageBrowser::openSet);
}

void ImageBrowser::setQuery(const ImageQuery& query)
{
    if (query == m_query)
        return;
    m_query = query;
    Q_EMIT queryChanged();
    rebuild();
}

int ImageBrowser::total() const { return m_session.dataset() ? int(m_session.dataset()->size()) : 0; }

int ImageBrowser::shown() const { return m_order ? int(m_order->size()) : total(); }

bool ImageBrowser::hasLabels() const { return total() > 0 && m_session.dataset()->label(0).has_value(); }

QStringList ImageBrowser::classNames() const
{
    const auto model = m_session.classifier();
    const auto& dataset = m_session.dataset();
    QStringList names;
    if (dataset)
        for (const std::string& name : dataset->classNames())
            names << qtext(name);
    if (model && !model->card().classNames.empty())
        names.clear();
    if (model && names.size() != model->classes()) {
        names.clear();
        for (int i = 0; i < model->classes(); ++i)
            names << qtext(model->className(i));
    }
    return names;
}

std::optional<int> ImageBrowser::neighbour(int step) const
{
    const int image = int(m_session.imageIndex());
    if (shown() == 0)
        return std::nullopt;
    int place = image;
    if (m_order) {
        const auto found = std::ranges::find(*m_order, image);
        // From an image that is not shown, the way leads to the first or last one that is.
        place = found != m_order->end() ? int(found - m_order->begin()) : step > 0 ? -1 : shown();
    }
    const int next = place + step;
    if (next < 0 || next >= shown())
        return std::nullopt;
    return m_order ? (*m_order)[std::size_t(next)] : next;
}

std::optional<int> ImageBrowser::wrongNeighbour(int step) const
{
    const auto predictions = m_predictions.current();
    if (!predictions)
        return std::nullopt;
    if (m_order)
        return nextWrong(*m_order, int(m_session.imageIndex()), step, *predictions);
    std::vector<int> all(predictions->size());
    std::iota(all.begin(), all.end(), 0);
    return nextWrong(all, int(m_session.imageIndex()), step, *predictions);
}

bool ImageBrowser::dependsOnPredictions() const
{
    return m_query.sort != ImageSort::Index || (m_query.filter != ImageFilter::All && !(m_query.filter == ImageFilter::OfClass && hasLabels()));
}

void ImageBrowser::follow()
{
    if (!dependsOnPredictions())
        return;
    if (m_predictions.isComplete())
        rebuild();
    else if (!m_timer->isActive())
        m_timer->start();
}

/// The order stays; a class of the old set means nothing in the new one.
void ImageBrowser::openSet()
{
    if (m_query.filter != ImageFilter::All) {
        m_query.filter = ImageFilter::All;
        m_query.classIndex = -1;
        Q_EMIT queryChanged();
    }
    rebuild();
}

void ImageBrowser::rebuild()
{
    m_timer->stop();
    const auto& dataset = m_session.dataset();
    if (!dataset || m_query == ImageQuery{}) {
        m_order.reset();
    } else {
        m_order = std::make_shared<const std::vector<int>>(imagesFor(m_query, withAllLabels(*dataset, m_predictions.current())));
    }
    Q_EMIT orderChanged();
}

} // namespace brink
