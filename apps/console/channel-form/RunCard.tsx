import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

import { Fault } from '../list/Fault.tsx'
import { StatusChip, type Tone } from '../list/StatusChip.tsx'
import type { IconName } from '../shell/Icon.tsx'
import { Steps } from './Steps.tsx'
import { type Check, type Draft, type Run, type RunChecks, useRun, useSteps } from './use-draft.ts'
import { useBilingual, useFormWords } from './words.ts'

const LOOKS: Record<Check['outcome'], { tone: Tone; icon: IconName }> = {
  passed: { tone: 'good', icon: 'check' },
  failed: { tone: 'bad', icon: 'cross' },
  not_applicable: { tone: 'plain', icon: 'missing' },
}

/** A run as it goes on: how far it is, and its checks, those that failed first. */
export function RunCard({ draft, run: told }: { draft: Draft; run: Run }) {
  const { t } = useFormWords()
  const { data, error, refetch } = useRun(draft.id, told.id)
  const run = data?.run ?? told
  const checks = data?.checks ?? []
  useToldWhenEnded(told, data)
  return (
    <section className="card run" aria-labelledby="run-title">
      <h2 id="run-title">
        {t(`bench.kinds.${run.kind}`)} {t('bench.ofVersion', { version: run.version })}{' '}
        <RunChip status={run.status} />
      </h2>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {run.status === 'running' && (
        <label className="run-progress">
          {t('bench.progress', { done: checks.length, count: run.count })}
          <progress value={checks.length} max={run.count} />
        </label>
      )}
      {run.reason !== null && <p className="fine">{run.reason}</p>}
      {run.status !== 'running' && <Counts checks={checks} />}
      <ul className="check-list">
        {inOrder(run, checks).map((check) => (
          <li key={check.position}>
            <OneCheck draftId={draft.id} runId={run.id} check={check} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The draft may go live now, or may not: it is asked again when its run ends. */
function useToldWhenEnded(told: Run, data: RunChecks | undefined): void {
  const queryClient = useQueryClient()
  const hasEnded = told.status === 'running' && data !== undefined && data.run.status !== 'running'
  useEffect(() => {
    if (hasEnded) void queryClient.invalidateQueries()
  }, [hasEnded, queryClient])
}

function RunChip({ status }: { status: Run['status'] }) {
  const { t } = useFormWords()
  const looks: Record<Run['status'], { tone: Tone; icon: IconName }> = {
    running: { tone: 'held', icon: 'clock' },
    passed: { tone: 'good', icon: 'check' },
    failed: { tone: 'bad', icon: 'cross' },
    broken: { tone: 'bad', icon: 'alert' },
  }
  return <StatusChip {...looks[status]} text={t(`bench.status.${status}`)} />
}

function Counts({ checks }: { checks: readonly Check[] }) {
  const { t } = useFormWords()
  const of = (outcome: Check['outcome']) => checks.filter((each) => each.outcome === outcome).length
  const counts = { passed: of('passed'), failed: of('failed'), left: of('not_applicable') }
  return <p role="status">{t('bench.counts', counts)}</p>
}

const ORDER: readonly Check['outcome'][] = ['failed', 'passed', 'not_applicable']

/** The five operations stay in their order; of many checks, the failures come first. */
const inOrder = (run: Run, checks: readonly Check[]): readonly Check[] =>
  run.kind === 'walk'
    ? checks
    : checks.toSorted(
        (a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome) || a.position - b.position,
      )

function OneCheck({ draftId, runId, check }: { draftId: string; runId: string; check: Check }) {
  const { t } = useFormWords()
  const say = useBilingual()
  const [isOpen, setOpen] = useState(false)
  return (
    <details className="check" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <StatusChip {...LOOKS[check.outcome]} text={t(`bench.outcome.${check.outcome}`)} />
        <span className="check-title">{say(check.title)}</span>
        <code>{check.id}</code>
        {check.reason !== null && <span className="fine">{say(check.reason)}</span>}
      </summary>
      {check.outcome === 'failed' && (
        <dl className="facts check-facts">
          {(['what', 'expected', 'found'] as const).map((name) => (
            <div key={name}>
              <dt>{t(`bench.${name}`)}</dt>
              <dd>
                <code>{check[name]}</code>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {isOpen && <LoadedSteps draftId={draftId} runId={runId} check={check} />}
    </details>
  )
}

function LoadedSteps({ draftId, runId, check }: { draftId: string; runId: string; check: Check }) {
  const { t } = useFormWords()
  const { position } = check
  const { data, error, refetch } = useSteps({ draftId, runId, position }, true)
  if (error !== null) return <Fault error={error} onRetry={() => void refetch()} />
  if (!data) return <p className="fine">{t('form.checking')}</p>
  if (data.steps.length === 0) return <p className="fine">{t('bench.noSteps')}</p>
  return <Steps steps={data.steps} />
}
