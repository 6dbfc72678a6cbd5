import { Button } from 'antd'
import { useEffect, useState } from 'react'

import { Moment } from '../../web/Moment.tsx'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { LiveCard } from './LiveCard.tsx'
import { RunCard } from './RunCard.tsx'
import { type Draft, type Run, useDraftActions } from './use-draft.ts'
import { useFormWords } from './words.ts'

/** Where a draft is tried against the provider's sandbox, and goes live when nothing is missing any more. */
export function BenchTab({ draft, isUnsaved }: { draft: Draft; isUnsaved: boolean }) {
  const [chosen, setChosen] = useState<string | null>(null)
  const shown = draft.runs.find(({ id }) => id === chosen) ?? draft.runs[0] ?? null
  return (
    <div className="object">
      <div className="object-main">
        <StartCard draft={draft} isUnsaved={isUnsaved} onStarted={setChosen} />
        {shown && <RunCard key={shown.id} draft={draft} run={shown} />}
      </div>
      <div className="object-side">
        <LiveCard draft={draft} isUnsaved={isUnsaved} />
        <RunsCard runs={draft.runs} shown={shown} onChoose={setChosen} />
      </div>
    </div>
  )
}

type StartCardProps = { draft: Draft; isUnsaved: boolean; onStarted: (runId: string) => void }

function StartCard({ draft, isUnsaved, onStarted }: StartCardProps) {
  const { t } = useFormWords()
  const { start, params } = useDraftActions(draft.id)
  const [sandboxUrl, setSandboxUrl] = useRememberedAddress(draft)
  const [method, setMethod] = useState<string | null>(null)
  const isRunning = draft.runs[0]?.status === 'running'
  const obstacle = obstacleOf(draft, isUnsaved, sandboxUrl)
  const begin = async (kind: Run['kind']) => {
    const body = { version: draft.version, kind, sandboxUrl, ...(method ? { method } : {}) }
    try {
      onStarted((await start.mutateAsync({ ...params, body })).id)
    } catch {
      // Said below.
    }
  }
  return (
    <section className="card bench-start" aria-labelledby="bench-title">
      <h2 id="bench-title">{t('bench.title')}</h2>
      <p className="fine">{t('bench.intro')}</p>
      <div className="df">
        <label htmlFor="sandbox-url">{t('bench.sandbox')}</label>
        <input
          id="sandbox-url"
          inputMode="url"
          spellCheck={false}
          aria-describedby="sandbox-hint"
          value={sandboxUrl}
          onChange={(event) => setSandboxUrl(event.target.value.trim())}
        />
        <p className="fine" id="sandbox-hint">
          {t('bench.sandboxHint')}
        </p>
      </div>
      {draft.methods.length > 1 && (
        <Methods methods={draft.methods} chosen={method} onChoose={setMethod} />
      )}
      {start.error !== null && <Fault error={start.error} />}
      {obstacle !== null && <p className="fine">{t(`bench.need.${obstacle}`)}</p>}
      <ul className="bench-buttons">
        {(['walk', 'suite'] as const).map((kind) => (
          <li key={kind}>
            <Button
              type={kind === 'suite' ? 'primary' : 'default'}
              disabled={obstacle !== null || isRunning}
              loading={start.isPending}
              onClick={() => void begin(kind)}
            >
              {t(`bench.${kind}`)}
            </Button>
            <span className="fine">{t(`bench.${kind}Hint`)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Methods({
  methods,
  chosen,
  onChoose,
}: {
  methods: readonly string[]
  chosen: string | null
  onChoose: (method: string) => void
}) {
  const { t } = useFormWords()
  return (
    <div className="df">
      <label htmlFor="bench-method">{t('bench.method')}</label>
      <select
        id="bench-method"
        value={chosen ?? methods[0]}
        onChange={(event) => onChoose(event.target.value)}
      >
        {methods.map((each) => (
          <option key={each} value={each}>
            {t(`fields.${each}.title`, { defaultValue: each })}
          </option>
        ))}
      </select>
    </div>
  )
}

/** What has to be done before anything can be tried; null when nothing has. */
function obstacleOf(draft: Draft, isUnsaved: boolean, sandboxUrl: string) {
  if (isUnsaved) return 'unsaved'
  if (draft.obstacles.includes('has_problems')) return 'has_problems'
  if (draft.obstacles.includes('params_missing')) return 'params_missing'
  return sandboxUrl === '' ? 'address' : null
}

/** The address of the last run; until there is one, what was typed for this draft in this window. */
function useRememberedAddress(draft: Draft): [string, (url: string) => void] {
  const key = `yiqiao.console.sandbox.${draft.id}`
  const [url, setUrl] = useState(
    () => draft.runs[0]?.sandboxUrl ?? sessionStorage.getItem(key) ?? '',
  )
  useEffect(() => sessionStorage.setItem(key, url), [key, url])
  return [url, setUrl]
}

function RunsCard({
  runs,
  shown,
  onChoose,
}: {
  runs: readonly Run[]
  shown: Run | null
  onChoose: (id: string) => void
}) {
  const { t } = useFormWords()
  return (
    <section className="card" aria-labelledby="runs-title">
      <h2 id="runs-title">{t('bench.runs')}</h2>
      {runs.length === 0 && <Empty text={t('bench.none')} />}
      <ul className="run-list">
        {runs.map((run) => (
          <li key={run.id}>
            <button
              type="button"
              className="as-link"
              aria-current={run.id === shown?.id ? 'true' : undefined}
              onClick={() => onChoose(run.id)}
            >
              {t(`bench.kinds.${run.kind}`)} {t('bench.ofVersion', { version: run.version })}
            </button>
            <span>{t(`bench.status.${run.status}`)}</span>
            <Moment at={run.startedAt} form="exact" />
          </li>
        ))}
      </ul>
    </section>
  )
}
