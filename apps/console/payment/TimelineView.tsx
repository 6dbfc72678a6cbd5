import { Skeleton } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { Icon } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import { useProviderName } from '../shell/use-names.ts'
import {
  EVENT_KINDS,
  type EventKind,
  ICON_OF_KIND,
  readable,
  type Step,
  stepsOf,
  type TimelineEvent,
  titleOf,
} from './timeline.ts'

type TimelineViewProps = { paymentId: string; refreshMs: number | false }

/** What happened around the payment, from all sides, in one order. Each side can be looked at alone. */
export function TimelineView({ paymentId, refreshMs }: TimelineViewProps) {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const [hidden, setHidden] = useState<ReadonlySet<EventKind>>(new Set())
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/payments/{id}/timeline',
    { params: { path: { hospitalId, id: paymentId } } },
    { refetchInterval: refreshMs },
  )
  const flip = (kind: EventKind) =>
    setHidden((old) => new Set(EVENT_KINDS.filter((k) => old.has(k) !== (k === kind))))
  const steps = stepsOf(data?.events ?? [])
  const count = (kind: EventKind) => steps.filter(({ event }) => event.kind === kind).length
  return (
    <section className="card" aria-labelledby="timeline-title">
      <h2 id="timeline-title">{t('timeline.title')}</h2>
      <div className="choices" role="group" aria-label={t('timeline.sides')}>
        {EVENT_KINDS.filter((kind) => count(kind) > 0).map((kind) => (
          <button
            key={kind}
            type="button"
            className="chip chip-plain"
            aria-pressed={!hidden.has(kind)}
            onClick={() => flip(kind)}
          >
            <Icon name={ICON_OF_KIND[kind]} />
            {t(`timeline.kinds.${kind}`)} {count(kind)}
          </button>
        ))}
      </div>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 10 }} />}
      {data?.events.length === 0 && <Empty text={t('timeline.empty')} />}
      <ol className="timeline">
        {steps
          .filter(({ event }) => !hidden.has(event.kind))
          .map((step) => (
            <TimelineStep key={step.key} step={step} />
          ))}
      </ol>
    </section>
  )
}

function TimelineStep({ step: { event, sinceMs } }: { step: Step }) {
  const { t } = useTranslation()
  const isBad = event.outcome !== null && BAD_OUTCOMES.test(event.outcome)
  return (
    <li className={`step step-${event.kind}`}>
      <span className="step-icon" title={t(`timeline.kinds.${event.kind}`)}>
        <Icon name={ICON_OF_KIND[event.kind]} />
        <span className="visually-hidden">{t(`timeline.kinds.${event.kind}`)}</span>
      </span>
      <div className="step-body">
        <p className="step-head">
          <strong>{useTitle(event)}</strong>
          {event.outcome && !PLAIN_OUTCOMES.has(event.outcome) && (
            <span className={`chip chip-${isBad ? 'held' : 'plain'}`}>
              {isBad && <Icon name="alert" />}
              {t(`outcomes.${event.outcome}`, { defaultValue: event.outcome })}
            </span>
          )}
          {event.durationMs !== null && (
            <span className="fine">{t('timeline.took', { ms: event.durationMs })}</span>
          )}
        </p>
        <StepDetails event={event} />
      </div>
      <p className="step-time">
        <Moment at={event.at} form="exact" />
        {sinceMs !== null && <span className="fine">{sinceText(sinceMs)}</span>}
      </p>
    </li>
  )
}

const BAD_OUTCOMES = /^(unknown|refused|declined|failed)/

// What goes without saying of a step that stands in the list.
const PLAIN_OUTCOMES = new Set(['done', 'ok', 'received'])

function useTitle(event: TimelineEvent): string {
  const { t } = useTranslation()
  const nameOf = useProviderName()
  const { key, params, fine } = titleOf(event)
  const system = params.system === undefined ? '' : nameOf(params.system)
  const words = t(`timeline.titles.${key}`, {
    ...params,
    system,
    operation: fine ?? '',
    defaultValue: '',
  })
  return words === '' ? event.title : words
}

function StepDetails({ event }: { event: TimelineEvent }) {
  const { t } = useTranslation()
  const request = readable(event.request)
  const response = readable(event.response)
  const { key, fine } = titleOf(event)
  return (
    <>
      {fine && key !== 'operations.other' && <code className="fine step-fine">{fine}</code>}
      {event.journal?.map((line, i) => (
        <p key={i} className="transfer">
          <AccountName code={line.debit} side="debit" />
          <span aria-hidden="true">←</span>
          <AccountName code={line.credit} side="credit" />
          <Amount fen={line.amountFen} />
        </p>
      ))}
      {(request ?? response) !== null && (
        <details className="exchange">
          <summary>{t(response === null ? 'timeline.detail' : 'timeline.details')}</summary>
          {request !== null && (
            <Raw
              name={t(response === null ? 'timeline.detail' : 'timeline.request')}
              text={request}
            />
          )}
          {response !== null && <Raw name={t('timeline.response')} text={response} />}
        </details>
      )}
    </>
  )
}

const Raw = ({ name, text }: { name: string; text: string }) => (
  <figure className="raw">
    <figcaption>{name}</figcaption>
    <pre tabIndex={0} aria-label={name}>
      {text}
    </pre>
  </figure>
)

/** An account of the books in words: "receivable/wechat/self_pay" is 应收 微信支付 个人现金. */
function AccountName({ code, side }: { code: string; side: 'debit' | 'credit' }) {
  const { t } = useTranslation()
  const nameOf = useProviderName()
  const [kind = '', provider, part] = code.split('/')
  const words = t(`accounts.${kind}`, {
    defaultValue: code,
    provider: provider ? nameOf(provider) : '',
    part: part ? t(`parts.${part}`) : '',
  })
  return (
    <span title={code}>
      <span className="fine">{t(`timeline.${side}`)}</span> {words}
    </span>
  )
}

/** "+3.2 s": how long the one before has been over. */
function sinceText(ms: number): string {
  if (ms < 1_000) return `+${ms} ms`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 60) return `+${Math.round(ms / 100) / 10} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `+${minutes} min ${seconds % 60} s`
  return `+${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
