import { type FormEvent, useId } from 'react'
import { useTranslation } from 'react-i18next'

import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { query } from '../api.ts'
import { places, useGo } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'

/** For whoever is handed a statement on paper: whether it is genuine. Nobody need sign in. */
export function VerifyPage({ number, code }: { number: string; code: string }) {
  const { t } = useTranslation()
  const go = useGo()
  const [numberId, codeId] = [useId(), useId()]
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const [typedNumber, typedCode] = [form.get('number'), form.get('code')]
    if (typeof typedNumber !== 'string' || typeof typedCode !== 'string') return
    void go(places.verify(typedNumber.trim(), typedCode.trim()), { replace: true })
  }
  return (
    <Page title={t('verify.title')} back={places.home}>
      <form className="card" onSubmit={submit} aria-label={t('verify.title')}>
        <label htmlFor={numberId}>{t('statement.no')}</label>
        <input
          className="field"
          id={numberId}
          name="number"
          inputMode="text"
          maxLength={100}
          required
          defaultValue={number}
        />
        <label htmlFor={codeId}>{t('statement.code')}</label>
        <input
          className="field"
          id={codeId}
          name="code"
          maxLength={40}
          required
          defaultValue={code}
        />
        <button type="submit" className="button button-primary">
          {t('verify.submit')}
        </button>
      </form>
      {number !== '' && code !== '' && <Answer number={number} code={code} />}
    </Page>
  )
}

function Answer({ number, code }: { number: string; code: string }) {
  const { t } = useTranslation()
  const { data, error, refetch } = query.useQuery('get', '/v1/statements/{number}/verification', {
    params: { path: { number }, query: { code } },
  })
  if (error) return <FailureBox error={error} onRetry={() => void refetch()} />
  if (!data) return <Waiting rows={2} />
  const { statement } = data
  if (statement === null) {
    return (
      <p className="held-row" role="status">
        <Icon name="question" />
        <span>{t('verify.invalid')}</span>
      </p>
    )
  }
  return (
    <section className="card" aria-label={t('verify.title')}>
      <p role="status" className="verified">
        <Icon name="done" /> {t('verify.valid')}
      </p>
      <dl className="facts">
        <div>
          <dt>{t('statement.period')}</dt>
          <dd>{t('statement.days', { from: statement.from, to: statement.to })}</dd>
        </div>
        <div>
          <dt>{t('statement.generatedAt')}</dt>
          <dd>
            <Moment at={statement.generatedAt} form="exact" />
          </dd>
        </div>
        <Money name={t('statement.heads.paid')} fen={statement.paidFen} />
        <Money name={t('statement.net')} fen={statement.netFen} />
        <Money name={t('statement.selfPaid')} fen={statement.selfPaidFen} />
      </dl>
      <p className="note">{t('verify.note')}</p>
    </section>
  )
}

const Money = ({ name, fen }: { name: string; fen: number }) => (
  <div>
    <dt>{name}</dt>
    <dd>
      <Amount fen={fen} />
    </dd>
  </div>
)
