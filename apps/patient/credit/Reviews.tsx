import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { CreditApplication } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Moment } from '../../web/Moment.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Fold } from '../parts/Fold.tsx'
import { Icon } from '../parts/Icon.tsx'
import { useAskForReview } from './use-credit.ts'

const MOST_REVIEWS = 3

/** Whoever was decided on by a machine may have a person look at it: what came of that, and how to ask. */
export function Reviews({ application }: { application: CreditApplication }) {
  const { t } = useTranslation()
  const { reviews } = application
  const isOpen = reviews.some(({ status }) => status === 'open')
  const isUrgent = application.status === 'refused' || reviews.length > 0
  return (
    <section className="card folds">
      <Fold title={t('credit:review.ask')} isOpen={isUrgent}>
        <div className="review">
          <p>{t('credit:review.right')}</p>
          {reviews.map((review) => (
            <Review key={review.id} review={review} />
          ))}
          {!isOpen && reviews.length < MOST_REVIEWS && <Ask application={application} />}
          {!isOpen && reviews.length >= MOST_REVIEWS && <p>{t('credit:review.usedUp')}</p>}
        </div>
      </Fold>
    </section>
  )
}

function Review({ review }: { review: CreditApplication['reviews'][number] }) {
  const { t } = useTranslation()
  const amount = amountText(review.limitFen ?? 0)
  return (
    <div className="review">
      <p role="status" className={review.status === 'open' ? 'chip tone-held' : 'chip tone-plain'}>
        <Icon name={review.status === 'open' ? 'clock' : 'done'} />
        {t(`credit:review.${review.status}`, { amount })}
      </p>
      <dl className="facts">
        <div>
          <dt>{t('credit:review.mine')}</dt>
          <dd>
            {review.statement} · <Moment at={review.askedAt} form="day" />
          </dd>
        </div>
        {review.reason !== null && (
          <div>
            <dt>{t('credit:review.answer')}</dt>
            <dd>
              {review.reason} · <Moment at={review.decidedAt} form="day" />
            </dd>
          </div>
        )}
      </dl>
    </div>
  )
}

const LONGEST = 500

function Ask({ application }: { application: CreditApplication }) {
  const { t } = useTranslation()
  const [words, setWords] = useState('')
  const [isEmpty, setEmpty] = useState(false)
  const [id, noteId] = [useId(), useId()]
  const ask = useAskForReview(application.lenderId, application.id)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const statement = words.trim()
    setEmpty(statement === '')
    if (statement !== '') ask.mutate(statement)
  }
  return (
    <form onSubmit={submit} className="review-form">
      <label htmlFor={id}>{t('credit:review.statement')}</label>
      <textarea
        id={id}
        className="field"
        rows={3}
        maxLength={LONGEST}
        value={words}
        aria-describedby={noteId}
        aria-invalid={isEmpty}
        onChange={({ currentTarget }) => setWords(currentTarget.value)}
      />
      <p className="note" id={noteId} role={isEmpty ? 'alert' : undefined}>
        {t(isEmpty ? 'credit:review.empty' : 'credit:review.example')}
      </p>
      {ask.error && <FailureBox error={ask.error} />}
      <button type="submit" className="button" disabled={ask.isPending}>
        {t('credit:review.send')}
      </button>
    </form>
  )
}
