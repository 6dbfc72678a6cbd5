import { Button, Radio } from 'antd'
import { type FormEvent, useState } from 'react'

import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { SCENES, STAGES, useRolloutWords } from '../rollout/words.ts'
import { useStaff } from '../shell/staff.ts'
import { useGoLive, usePutForward } from './use-onboarding.ts'
import { type Draft, lastOf, said, type Standing, type Terms, useOnboardingWords } from './words.ts'

const MOST_LETTERS = 500

/** One puts a version forward, another looks at the same file and switches it on. What is lacking is said first. */
export function GoLiveCard({ draft, standing }: { draft: Draft; standing: Standing }) {
  const { t } = useOnboardingWords()
  const { steps, lacking } = standing
  const put = lastOf(steps, 'put_forward')
  const live = lastOf(steps, 'live')
  return (
    <section className="card" aria-labelledby="onboarding-live">
      <h2 id="onboarding-live">{t('live.title')}</h2>
      {lacking.length > 0 && (
        <ul className="form-problems" aria-label={t('live.lacking')}>
          {lacking.map(({ code, about }) => (
            <li key={`${code} ${about}`}>{t(`lacking.${code}`, { about })}</li>
          ))}
        </ul>
      )}
      {lacking.length === 0 && !put && <PutForward draft={draft} />}
      {put && !live && (
        <Agree version={draft.version} sha256={said(put, 'sha256')} by={put.actor} />
      )}
      {live && <p>{t('live.isLive')}</p>}
    </section>
  )
}

function PutForward({ draft }: { draft: Draft }) {
  const { t } = useOnboardingWords()
  const { t: rolloutWords } = useRolloutWords()
  const { hospitalId } = useStaff()
  const params = { path: { hospitalId } }
  const rollouts = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/rollouts', { params })
  const [stage, setStage] = useState<Terms['stage']>('pilot')
  const [scenes, setScenes] = useState<readonly Terms['scenes'][number][]>(['payment'])
  const [note, setNote] = useState('')
  const put = usePutForward(hospitalId, t('live.put'))
  const after = rollouts.data && (rollouts.data.items[0]?.version ?? 0)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (after === undefined) return
    const terms = { stage, scenes: [...scenes], departments: null, note: note.trim(), after }
    put.mutate({ version: draft.version, ...terms })
  }
  return (
    <form className="note-form" onSubmit={submit} aria-label={t('live.putForward')}>
      <Radio.Group
        aria-label={rolloutWords('stage')}
        value={stage}
        onChange={(event) => setStage(event.target.value as Terms['stage'])}
        options={STAGES.map((value) => ({ value, label: rolloutWords(`stages.${value}`) }))}
      />
      <fieldset className="plain-fieldset check-grid">
        <legend>{rolloutWords('scene')}</legend>
        {SCENES.map((scene) => (
          <label key={scene} className="check-line">
            <input
              type="checkbox"
              checked={scenes.includes(scene)}
              onChange={(event) =>
                setScenes(
                  event.target.checked
                    ? [...scenes, scene]
                    : scenes.filter((other) => other !== scene),
                )
              }
            />
            {rolloutWords(`scenes.${scene}`)}
          </label>
        ))}
      </fieldset>
      <label>
        {t('live.note')}
        <textarea
          rows={2}
          required
          maxLength={MOST_LETTERS}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
      {put.error !== null && <Fault error={put.error} />}
      <Button
        type="primary"
        htmlType="submit"
        disabled={note.trim() === '' || after === undefined}
        loading={put.isPending}
      >
        {t('live.putForward')}
      </Button>
    </form>
  )
}

function Agree({ version, sha256, by }: { version: number; sha256: string; by: string }) {
  const { t } = useOnboardingWords()
  const { hospitalId, staffId } = useStaff()
  const go = useGoLive(hospitalId, t('live.isLive'))
  const file = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/onboarding/file', {
    params: { path: { hospitalId } },
  })
  return (
    <>
      <p className="fine">{t('live.sha256', { hash: sha256.slice(0, 16) })}</p>
      {file.error !== null && <Fault error={file.error} />}
      {file.data && (
        <details>
          <summary>{t('live.file')}</summary>
          <pre tabIndex={0} className="review-file">
            {file.data.yaml}
          </pre>
        </details>
      )}
      {by === `staff:${staffId}` ? (
        <p className="notice-held">{t('live.mine')}</p>
      ) : (
        <>
          {go.error !== null && <Fault error={go.error} />}
          <Button
            type="primary"
            disabled={file.data === undefined}
            loading={go.isPending}
            onClick={() => go.mutate({ version, sha256 })}
          >
            {t('live.agree')}
          </Button>
        </>
      )}
    </>
  )
}
