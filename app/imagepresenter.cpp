// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/imagepresenter.h"

#include "app/actions.h"
#include "app/edits.h"
#include "app/imagebrowser.h"
#include "app/inspecttext.h"
#include "app/setpredictions.h"
#include "widgets/controls/imagespanel.h"
#include "widgets/controls/thumbnaillist.h"

#include <QAction>

namespace brink {

namespace {

/// What the count does not say yet.
QString countNote(const Session& session, const SetPredictions& predictions)
{
    const auto accuracy = predictions.accuracy(session.classifier());
    if (!accuracy || accuracy->isComplete())
        return {};
    return ImagePresenter::tr("%1 predicted").arg(shownCount(accuracy->done));
}

} // namespace

ImagePresenter::ImagePresenter(Session& session, Controller& controller, Edits& edits, ImagesPanel* panel, const Actions& actions, QObject* parent)
    : QObject(parent), m_session(session), m_controller(controller), m_edits(edits), m_panel(panel), m_actions(actions)
{
    connect(&session, &Session::datasetOpened, this, &ImagePresenter::showSet);
    connect(&session, &Session::modelPicked, this, &ImagePresenter::showMarks);
    connect(&session, &Session::imagePicked, panel->list(), [list = panel->list()](qint64 index) { list->setCurrentImage(int(index)); });
    connect(&session, &Session::imagePicked, this, &ImagePresenter::showSteps);
    connect(&controller.predictions(), &SetPredictions::changed, this, &ImagePresenter::showMarks);
    connect(&controller.browser(), &ImageBrowser::orderChanged, this, &ImagePresenter::showOrder);
    connect(&controller.browser(), &ImageBrowser::queryChanged, panel, [this] { m_panel->setQuery(m_controller.browser().query()); });
    connectPanel();
    connectSteps();
    showSet();
}

void ImagePresenter::connectPanel()
{
    ThumbnailModel* thumbnails = m_panel->list()->thumbnails();
    connect(m_panel, &ImagesPanel::queryEdited, &m_controller.browser(), &ImageBrowser::setQuery);
    connect(m_panel->list(), &ThumbnailList::imagePicked, &m_edits, &Edits::pickImage);
    connect(thumbnails, &ThumbnailModel::thumbnailsWanted, &m_controller, &Controller::loadThumbnails);
    connect(&m_controller, &Controller::thumbnailLoaded, thumbnails, [thumbnails](const Thumbnail& made) {
        thumbnails->setThumbnail(made.row, made.image, made.caption, made.toolTip);
    });
    connect(&m_controller, &Controller::thumbnailsSkipped, thumbnails, &ThumbnailModel::forgetAsked);
}

void ImagePresenter::connectSteps()
{
    const ImageBrowser& browser = m_controller.browser();
    connect(m_actions.previousImage, &QAction::triggered, this, [this, &browser] { go(browser.neighbour(-1)); });
    connect(m_actions.nextImage, &QAction::triggered, this, [this, &browser] { go(browser.neighbour(1)); });
    connect(m_actions.previousWrong, &QAction::triggered, this, [this, &browser] { go(browser.wrongNeighbour(-1)); });
    connect(m_actions.nextWrong, &QAction::triggered, this, [this, &browser] { go(browser.wrongNeighbour(1)); });
    m_panel->setSteps(m_actions.previousWrong, m_actions.nextWrong);
}

void ImagePresenter::go(const std::optional<int>& image)
{
    if (image)
        m_edits.pickImage(*image);
}

void ImagePresenter::showSet()
{
    m_panel->list()->setCount(m_controller.browser().total());
    showMarks();
    showOrder();
}

void ImagePresenter::showMarks()
{
    const ImageBrowser& browser = m_controller.browser();
    const auto predictions = m_controller.predictions().current();
    m_panel->setClasses(browser.classNames(), browser.hasLabels());
    m_panel->list()->thumbnails()->setMarks(
        predictions ? std::make_shared<const ThumbnailMarks>(thumbnailMarks(*predictions)) : nullptr, browser.classNames());
    m_panel->setCounts(browser.shown(), browser.total(), countNote(m_session, m_controller.predictions()));
    showSteps();
}

void ImagePresenter::showOrder()
{
    const ImageBrowser& browser = m_controller.browser();
    m_panel->list()->setOrder(browser.order());
    m_panel->list()->setCurrentImage(int(m_session.imageIndex()));
    m_panel->setCounts(browser.shown(), browser.total(), countNote(m_session, m_controller.predictions()));
    showSteps();
}

void ImagePresenter::showSteps()
{
    const ImageBrowser& browser = m_controller.browser();
    m_actions.previousImage->setEnabled(browser.neighbour(-1).has_value());
    m_actions.nextImage->setEnabled(browser.neighbour(1).has_value());
    m_actions.previousWrong->setEnabled(browser.wrongNeighbour(-1).has_value());
    m_actions.nextWrong->setEnabled(browser.wrongNeighbour(1).has_value());
}

} // namespace brink
