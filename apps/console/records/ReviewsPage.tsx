import { Button, Skeleton } from 'antd'
import { type FormEvent, useState } from 'react'

import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { useAnswer, useReview } from './use-records.ts'
import { type Glass, type Question, useRecordWords } from './words.ts'

const MOST_LETTERS = 500
const LIMIT = 100

/** Looks at our records without consent, to be judged; and what people ask of looks at theirs. */
export function ReviewsPage() {
  const { t } = useRecordWords()
  const { hospitalId } = useStaff()
  usePageTitle(t('reviews.title'))
  const params = { path: { hospitalId }, query: { status: 'open' as const, limit: LIMIT } }
  const glasses = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/broken-glasses', {
    params,
  })
  const questions = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/record-questions', {
    params,
  })
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('reviews.title')}</h1>
        <p className="fine on-wide-only">{t('reviews.hint')}</p>
      </header>
      <section className="card" aria-labelledby="reviews-glasses">
        <h2 id="reviews-glasses">{t('reviews.glasses')}</h2>
        {glasses.error !== null && (
          <Fault error={glasses.error} onRetry={() => void glasses.refetch()} />
        )}
        {!glasses.data && glasses.error === null && <Skeleton active />}
        {glasses.data?.items.length === 0 && <Empty text={t('reviews.noGlasses')} />}
        {glasses.data?.items.map((glass) => (
          <GlassReview key={glass.id} glass={glass} />
        ))}
      </section>
      <section className="card" aria-labelledby="reviews-questions">
        <h2 id="reviews-questions">{t('reviews.questions')}</h2>
        {questions.error !== null && (
          <Fault error={questions.error} onRetry={() => void questions.refetch()} />
        )}
        {!questions.data && questions.error === null && <Skeleton active />}
        {questions.data?.items.length === 0 && <Empty text={t('reviews.noQuestions')} />}
        {questions.data?.items.map((question) => (
          <QuestionReview key={question.id} question={question} />
        ))}
      </section>
    </div>
  )
}

function GlassReview({ glass }: { glass: Glass }) {
  const { t } = useRecordWords()
  const { hospitalId } = useStaff()
  const hospitalName = useHospitalName()
  const [note, setNote] = useState('')
  const review = useReview(hospitalId, { words: t('reviews.judged') })
  const judge = (verdict: 'justified' | 'abuse') =>
    review.mutate({ id: glass.id, verdict, note: note.trim() })
  return (
    <article className="note-form" aria-label={glass.words}>
      <p>
        <Moment at={glass.openedAt} /> · {hospitalName(glass.readerId)} · {glass.name} ·{' '}
        {t(`reasons.${glass.reason}`)}
      </p>
      <p>{glass.words}</p>
      <p className="fine">
        {t('reviews.due')} <Moment at={glass.dueAt} />
      </p>
      <label>
        {t('reviews.note')}
        <textarea
          rows={2}
          maxLength={MOST_LETTERS}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
      {review.error !== null && <Fault error={review.error} />}
      <div className="actions">
        <Button loading={review.isPending} onClick={() => judge('justified')}>
          {t('reviews.justified')}
        </Button>
        <Button danger loading={review.isPending} onClick={() => judge('abuse')}>
          {t('reviews.abuse')}
        </Button>
      </div>
    </article>
  )
}

function QuestionReview({ question }: { question: Question }) {
  const { t } = useRecordWords()
  const { hospitalId } = useStaff()
  const hospitalName = useHospitalName()
  const [text, setText] = useState('')
  const answer = useAnswer(hospitalId, { words: t('reviews.answered') })
  const { access, words, name, askedAt } = question
  const submit = (event: FormEvent) => {
    event.preventDefault()
    answer.mutate({ id: question.id, answer: text.trim() })
  }
  return (
    <form className="note-form" onSubmit={submit} aria-label={words}>
      <p>
        <Moment at={askedAt} /> · {name}：{words}
      </p>
      {access && (
        <p className="fine">
          <Moment at={access.at} /> · {hospitalName(access.readerId)} · {t(`kinds.${access.kind}`)}{' '}
          · {t(access.allowed ? `grounds.${access.ground}` : `because.${access.ground}`)}
        </p>
      )}
      <label>
        {t('reviews.answer')}
        <textarea
          rows={2}
          required
          maxLength={MOST_LETTERS}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      {answer.error !== null && <Fault error={answer.error} />}
      <Button htmlType="submit" disabled={text.trim() === ''} loading={answer.isPending}>
        {t('reviews.send')}
      </Button>
    </form>
  )
}

function useHospitalName(): (id: number) => string {
  const { data } = api.query.useQuery('get', '/v1/hospitals', {}, { staleTime: Infinity })
  return (id) => data?.items.find((hospital) => hospital.id === id)?.name ?? String(id)
}
