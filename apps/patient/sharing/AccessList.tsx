import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHospitalName } from '../parts/hospitals.ts'
import { Icon } from '../parts/Icon.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { type Access, useAccesses, useAsk } from './use-sharing.ts'

const MOST_LETTERS = 300

/** 谁看过我的记录: every look, those that were refused too, and what one may ask of it. */
export function AccessList() {
  const { t } = useTranslation('sharing')
  const { data, error, refetch, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useAccesses()
  const looks = data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <section className="payer" aria-label={t('looks')}>
      <h2>{t('looks')}</h2>
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {isPending && <Waiting rows={3} />}
      {data && looks.length === 0 && <p className="card note">{t('noLooks')}</p>}
      {looks.map((access) => (
        <Look key={access.id} access={access} />
      ))}
      {hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {t('more')}
        </button>
      )}
    </section>
  )
}

function Look({ access }: { access: Access }) {
  const { t } = useTranslation('sharing')
  const [isAsking, setAsking] = useState(false)
  const reader = useHospitalName(access.readerId)
  const holder = useHospitalName(access.holderId)
  const isOdd = access.ground === 'break_glass' || !access.allowed
  return (
    <article className="card" aria-label={t('looked', { reader, holder })}>
      <p>
        <strong>{t('looked', { reader, holder })}</strong>
      </p>
      <p className="note pieces">
        <Moment at={access.at} />
        <span>{t(`kinds.${access.kind}`)}</span>
        <span>{t(`purposes.${access.purpose}`)}</span>
      </p>
      <p>
        <span className={`chip tone-${isOdd ? 'held' : 'good'}`}>
          <Icon name={access.allowed ? 'done' : 'none'} />
          {t(`grounds.${access.ground}`)}
        </span>
      </p>
      {access.question && <p role="status">{access.question.answer ?? t('ask.waiting')}</p>}
      {!access.question && !isAsking && (
        <button type="button" className="button" onClick={() => setAsking(true)}>
          {t('ask.why')}
        </button>
      )}
      {!access.question && isAsking && <AskForm id={access.id} onCancel={() => setAsking(false)} />}
    </article>
  )
}

function AskForm({ id, onCancel }: { id: string; onCancel: () => void }) {
  const { t } = useTranslation('sharing')
  const [words, setWords] = useState(t('ask.usual'))
  const ask = useAsk()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    ask.mutate({ id, words: words.trim() })
  }
  return (
    <form className="consent" onSubmit={submit} aria-label={t('ask.why')}>
      <label className="limit">
        {t('ask.words')}
        <textarea
          rows={2}
          required
          maxLength={MOST_LETTERS}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      </label>
      {ask.error && <FailureBox error={ask.error} />}
      <div className="button-row">
        <button type="button" className="button" onClick={onCancel}>
          {t('notNow')}
        </button>
        <button
          type="submit"
          className="button button-primary"
          disabled={ask.isPending || words.trim() === ''}
        >
          {t('ask.send')}
        </button>
      </div>
    </form>
  )
}
