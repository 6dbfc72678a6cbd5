import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'

import { Fault } from '../list/Fault.tsx'
import { Icon } from '../shell/Icon.tsx'
import { type Draft, useDraftActions } from './use-draft.ts'
import { useBilingual, useFormWords } from './words.ts'

/** The way to the hospital's payments: what is missing, in words, and the button once nothing is. */
export function LiveCard({ draft, isUnsaved }: { draft: Draft; isUnsaved: boolean }) {
  const { t } = useFormWords()
  const { goLive, params } = useDraftActions(draft.id)
  const [isAccepted, setAccepted] = useState(false)
  const missing = [...(isUnsaved ? (['unsaved'] as const) : []), ...draft.obstacles]
  const isReady = missing.length === 0
  const needsConsent = draft.specimen !== null
  const go = () => {
    const body = { version: draft.version, acceptSpecimen: needsConsent && isAccepted }
    goLive.mutate({ ...params, body })
  }
  return (
    <section className="card live" aria-labelledby="live-title">
      <h2 id="live-title">{t('live.title')}</h2>
      <p className="fine">{t('live.what')}</p>
      <div aria-live="polite">
        {isReady ? (
          <p className="live-ready">
            <Icon name="check" /> {t('live.ready')}
          </p>
        ) : (
          <>
            <p>{t('live.missing')}</p>
            <ul className="live-missing">
              {missing.map((obstacle) => (
                <li key={obstacle}>
                  <Icon name="cross" /> {t(`live.obstacle.${obstacle}`)}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      {needsConsent && <Consent draft={draft} isAccepted={isAccepted} onAccept={setAccepted} />}
      {goLive.error !== null && <Fault error={goLive.error} />}
      <Button
        type="primary"
        disabled={!isReady || (needsConsent && !isAccepted)}
        loading={goLive.isPending}
        onClick={go}
      >
        {t('live.go')}
      </Button>
      <IsLive draft={draft} />
    </section>
  )
}

function Consent({
  draft,
  isAccepted,
  onAccept,
}: {
  draft: Draft
  isAccepted: boolean
  onAccept: (isAccepted: boolean) => void
}) {
  const { t } = useFormWords()
  const say = useBilingual()
  return (
    <div className="why-alert live-specimen">
      {draft.specimen !== null && <p>{say(draft.specimen)}</p>}
      <label>
        <input
          type="checkbox"
          checked={isAccepted}
          onChange={(event) => onAccept(event.target.checked)}
        />
        {t('live.specimen')}
      </label>
      {!isAccepted && <p className="fine">{t('live.specimenNeeded')}</p>}
    </div>
  )
}

function IsLive({ draft }: { draft: Draft }) {
  const { t } = useFormWords()
  if (draft.live === null) return null
  return (
    <div className="live-done" role="status">
      <p>
        <Icon name="check" /> {t('live.done', draft.live)}
      </p>
      <p className="fine">{t('live.next')}</p>
      <Link to="/channels">{t('new.back')}</Link>
    </div>
  )
}
