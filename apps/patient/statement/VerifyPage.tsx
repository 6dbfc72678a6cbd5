import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { components } from '../../../contract/hub.d.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { query } from '../api.ts'
import { places, useGo } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'

/** For whoever is handed a statement on paper: whether it is genuine and of that name. Nobody need sign in. */
export function VerifyPage({ number, code }: { number: string; code: string }) {
  const { t } = useTranslation()
  const go = useGo()
  // The name stands in no address: a page that is passed on says of nobody what they paid.
  const [name, setName] = useState('')
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const [typedNumber, typedCode, typedName] = [
      form.get('number'),
      form.get('code'),
      form.get('name'),
    ]
    if (typeof typedNumber !== 'string' || typeof typedCode !== 'string') return
    setName(typeof typedName === 'string' ? typedName.trim() : '')
    void go(places.verify(typedNumber.trim(), typedCode.trim()), { replace: true })
  }
  const isReady = number !== '' && code !== '' && (name !== '' || !isNamed(number))
  return (
    <Page title={t('verify.title')} back={places.home}>
      <PaperForm number={number} code={code} onSubmit={submit} />
      {isReady && <Answer number={number} code={code} name={name} />}
    </Page>
  )
}

/** Numbers from before say nothing of a person, and their codes vouch for no name. */
const isNamed = (number: string): boolean =>
  /-\d[\dX]$/.test(number) && number.split('-').length > 6

type PaperFormProps = {
  number: string
  code: string
  onSubmit: (event: FormEvent<HTMLFormElement>) => void
}

function PaperForm({ number, code, onSubmit }: PaperFormProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(number)
  const [numberId, codeId, nameId] = [useId(), useId(), useId()]
  return (
    <form className="card" onSubmit={onSubmit} aria-label={t('verify.title')}>
      <label htmlFor={numberId}>{t('statement.no')}</label>
      <input
        className="field"
        id={numberId}
        name="number"
        inputMode="text"
        maxLength={100}
        required
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
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
      {(typed === '' || isNamed(typed.trim())) && (
        <>
          <label htmlFor={nameId}>{t('verify.name')}</label>
          <input
            className="field"
            id={nameId}
            name="name"
            autoComplete="off"
            maxLength={60}
            required
          />
        </>
      )}
      <button type="submit" className="button button-primary">
        {t('verify.submit')}
      </button>
    </form>
  )
}

function Answer({ number, code, name }: { number: string; code: string; name: string }) {
  const { t } = useTranslation()
  const { data, error, refetch } = query.useQuery('post', '/v1/statements/{number}/verification', {
    params: { path: { number } },
    body: { code, name },
  })
  if (error) return <FailureBox error={error} onRetry={() => void refetch()} />
  if (!data) return <Waiting rows={2} />
  const { statement } = data
  if (statement === null) {
    return (
      <p className="held-row" role="status">
        <Icon name="question" />
        <span>{t(isNamed(number) ? 'verify.invalid' : 'verify.invalidBefore')}</span>
      </p>
    )
  }
  return <Genuine statement={statement} name={name} />
}

type Facts = NonNullable<components['schemas']['StatementVerification']['statement']>

function Genuine({ statement, name }: { statement: Facts; name: string }) {
  const { t } = useTranslation()
  const isOfName = statement.idEnds !== null
  return (
    <section className="card" aria-label={t('verify.title')}>
      <p role="status" className="verified">
        <Icon name="done" /> {t(isOfName ? 'verify.valid' : 'verify.validBefore')}
      </p>
      <dl className="facts">
        {statement.idEnds !== null && (
          <>
            <div>
              <dt>{t('account.name')}</dt>
              <dd>{name}</dd>
            </div>
            <div>
              <dt>{t('account.idCard')}</dt>
              <dd className="number">{`${statement.idEnds[0]}…${statement.idEnds[1]}`}</dd>
            </div>
          </>
        )}
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
        <Money
          name={t(isOfName ? 'statement.selfPaid' : 'verify.selfPaidBefore')}
          fen={statement.selfPaidFen}
        />
      </dl>
      <p className="note">{t(isOfName ? 'verify.note' : 'verify.noteBefore')}</p>
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
