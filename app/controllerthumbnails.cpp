// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the controller that makes thumbnails.
#include "app/controller.h"

#include <QPointer>

namespace brink {

void Controller::loadThumbnails(const QList<int>& images)
{
    const auto dataset = m_session.dataset();
    if (!dataset)
        return;
    takeThumbnails();
    const auto run = std::make_shared<ThumbnailRun>(ThumbnailRun{dataset, std::make_shared<Mailbox<std::vector<Thumbnail>>>(), 0});
    const auto made = std::make_shared<std::vector<Thumbnail>>();
    JobRequest request;
    request.title = tr("Thumbnails");
    request.slot = QStringLiteral("thumbnails");
    request.work = [dataset, images, made, mailbox = run->mailbox](Monitor& monitor) {
        for (qsizetype i = 0; i < images.size() && !monitor.stopRequested(); ++i) {
            made->push_back(makeThumbnail(*dataset, images[i]));
            mailbox->put(std::make_shared<const std::vector<Thumbnail>>(*made));
            monitor.progress(i + 1, images.size());
        }
    };
    request.finished = [self = QPointer(this), images, made, run](const JobSnapshot&) {
        if (!self || self->m_session.dataset() != run->dataset)
            return;
        self->deliver(*run, *made);
        Q_EMIT self->thumbnailsSkipped(images.mid(qsizetype(made->size())));
    };
    m_thumbnails = run;
    m_scheduler.submit(std::move(request));
}

void Controller::takeThumbnails()
{
    if (!m_thumbnails || m_thumbnails->dataset != m_session.dataset())
        return;
    if (const auto made = m_thumbnails->mailbox->take())
        deliver(*m_thumbnails, *made);
}

void Controller::deliver(ThumbnailRun& run, const std::vector<Thumbnail>& made)
{
    for (; run.delivered < made.size(); ++run.delivered)
        Q_EMIT thumbnailLoaded(made[run.delivered]);
}

} // namespace brink
