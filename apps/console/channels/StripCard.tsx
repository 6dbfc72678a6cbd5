import { keepPreviousData } from '@tanstack/react-query'
import { Segmented, Skeleton } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { Chart } from '../charts/Chart.tsx'
import { now } from '../clock.ts'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { oneOf } from '../search/params.ts'
import { useStaff } from '../shell/staff.ts'
import { rangeOf, type Span, SPAN_NAMES, stepsOf, type StripStep, stripOption } from './strip.ts'
import { REFRESH_MS } from './use-channels.ts'

/** How the channel fared in the last hours: a picture, and its table twin. */
export function StripCard({ name }: { name: string }) {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const [span, setSpan] = useState<Span>('hours')
  const range = useRange(span)
  const { from, to, stepMinutes } = range
  const query = { from: from.toISOString(), to: to.toISOString(), stepMinutes }
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/channels/{name}/health',
    { params: { path: { hospitalId, name }, query } },
    { refetchInterval: REFRESH_MS, placeholderData: keepPreviousData },
  )
  const steps = data && stepsOf(data.items, range)
  return (
    <section className="card" aria-labelledby="strip-title">
      <div className="card-head">
        <h2 id="strip-title">{t('channels.strip.title')}</h2>
        <Segmented
          size="small"
          aria-label={t('channels.strip.span')}
          value={span}
          options={SPAN_NAMES.map((value) => ({
            value,
            label: t(`channels.strip.spans.${value}`),
          }))}
          onChange={(value) => setSpan(oneOf(SPAN_NAMES, value) ?? span)}
        />
      </div>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!steps && error === null && <Skeleton active paragraph={{ rows: 5 }} />}
      {steps?.every(({ calls }) => calls === 0) && <Empty text={t('channels.strip.empty')} />}
      {steps?.some(({ calls }) => calls > 0) && <Picture steps={steps} span={span} />}
    </section>
  )
}

function Picture({ steps, span }: { steps: readonly StripStep[]; span: Span }) {
  const { t } = useTranslation()
  const words = {
    good: t('channels.strip.good'),
    failures: t('channels.strip.failures'),
    p99: t('channels.columns.p99'),
    limit: t('channels.strip.limit'),
    ms: t('channels.strip.ms'),
  }
  return (
    <>
      <ul className="legend">
        <Legend className="swatch-account" text={words.good} />
        <Legend className="swatch-returned" text={words.failures} />
        <Legend className="swatch-line" text={words.p99} />
        <Legend className="swatch-limit" text={words.limit} />
      </ul>
      <Chart label={t('channels.strip.label')} option={stripOption(steps, span, words)} />
      <details>
        <summary>{t('channels.strip.table')}</summary>
        <StripTable steps={steps} />
      </details>
    </>
  )
}

function Legend({ className, text }: { className: string; text: string }) {
  return (
    <li>
      <span className={`swatch ${className}`} aria-hidden="true" />
      {text}
    </li>
  )
}

function StripTable({ steps }: { steps: readonly StripStep[] }) {
  const { t } = useTranslation()
  return (
    <table className="data-table">
      <thead>
        <tr>
          <th scope="col">{t('channels.strip.from')}</th>
          <th scope="col" className="is-number">
            {t('channels.strip.calls')}
          </th>
          <th scope="col" className="is-number">
            {t('channels.strip.failures')}
          </th>
          <th scope="col" className="is-number">
            {t('channels.columns.p99')}
          </th>
        </tr>
      </thead>
      <tbody>
        {steps
          .filter(({ calls }) => calls > 0)
          .map(({ at, calls, failures, p99Ms }) => (
            <tr key={at.toISOString()}>
              <td>
                <Moment at={at.toISOString()} form="moment" />
              </td>
              <td className="is-number">{calls}</td>
              <td className="is-number">{failures}</td>
              <td className="is-number">
                {p99Ms === null ? '—' : t('channels.ms', { ms: p99Ms })}
              </td>
            </tr>
          ))}
      </tbody>
    </table>
  )
}

const TICK_MS = 30_000

/** Moves on with the time, step by step. */
function useRange(span: Span) {
  const [at, setAt] = useState(now)
  useEffect(() => {
    const timer = setInterval(() => setAt(now()), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  return rangeOf(span, at)
}
