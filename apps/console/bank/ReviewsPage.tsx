import { getRouteApi } from '@tanstack/react-router'
import { Segmented } from 'antd'

import { given, oneOf } from '../search/params.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { ApplicationList } from './ApplicationList.tsx'
import { REVIEW_VIEWS } from './model.ts'
import { ReviewList } from './ReviewList.tsx'
import type { ReviewsSearch } from './search.ts'
import { useBankWords } from './words.ts'

const route = getRouteApi('/office/bank/reviews')

/** Decisions that people want looked at, those that were, and every application with its reasons. */
export function ReviewsPage() {
  const { t } = useBankWords()
  const { date: _date, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  usePageTitle(t('reviews.title'))
  const show = (next: ReviewsSearch) => void navigate({ search: next })
  const view = search.view ?? 'open'
  return (
    <div className="page page-list bank-list">
      <header className="page-head">
        <h1>{t('reviews.title')}</h1>
      </header>
      <div className="filters" role="group" aria-label={t('console:filters.label')}>
        <Segmented
          aria-label={t('reviews.title')}
          value={view}
          options={REVIEW_VIEWS.map((value) => ({ value, label: t(`reviews.views.${value}`) }))}
          onChange={(value) => {
            const chosen = oneOf(REVIEW_VIEWS, value)
            show(given({ view: chosen === 'open' ? undefined : chosen }))
          }}
        />
      </div>
      {view === 'applications' ? (
        <ApplicationList search={search} onShow={show} />
      ) : (
        <ReviewList key={view} view={view} search={search} onShow={show} />
      )}
    </div>
  )
}
