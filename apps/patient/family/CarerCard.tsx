import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Confirm } from '../parts/Confirm.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { LinkFacts } from './LinkFacts.tsx'
import { type FamilyLink, useDecide, useEnd, useText } from './use-family.ts'

/** Somebody who asks to act for one, with the text in full; or who does, with the way to end it. */
export function CarerCard({ link }: { link: FamilyLink }) {
  const { t } = useTranslation('family')
  const isAsking = link.standing === 'waiting'
  const words = isAsking ? 'carerAsks' : 'carerActs'
  return (
    <section
      className={isAsking ? 'card held-row' : 'card'}
      aria-label={t(words, { name: link.carerName })}
    >
      <p>
        <strong>{t(words, { name: link.carerName })}</strong>
      </p>
      <LinkFacts link={link} />
      {isAsking ? <Decide link={link} /> : <EndIt link={link} />}
    </section>
  )
}

function Decide({ link: { id, ground } }: { link: FamilyLink }) {
  const { t, i18n } = useTranslation('family')
  const text = useText().data?.text
  const decide = useDecide()
  const say = (verdict: 'agreed' | 'refused') =>
    decide.mutate({ id, verdict, textVersion: text?.version ?? '' })
  return (
    <>
      {ground === 'proof' ? (
        <p className="note">{t('deskDecides')}</p>
      ) : (
        text && <p className="consent-text">{i18n.language === 'en' ? text.en : text.zh}</p>
      )}
      {decide.error && <FailureBox error={decide.error} />}
      <div className="button-row">
        <button
          type="button"
          className="button"
          disabled={decide.isPending}
          onClick={() => say('refused')}
        >
          {t('refuse')}
        </button>
        {ground === 'consent' && (
          <button
            type="button"
            className="button button-primary"
            disabled={decide.isPending || !text}
            onClick={() => say('agreed')}
          >
            {t('agree')}
          </button>
        )}
      </div>
    </>
  )
}

function EndIt({ link: { id, carerName } }: { link: FamilyLink }) {
  const { t } = useTranslation('family')
  const [isAsking, setAsking] = useState(false)
  const end = useEnd()
  return (
    <>
      {end.error && <FailureBox error={end.error} />}
      <button
        type="button"
        className="button"
        disabled={end.isPending}
        onClick={() => setAsking(true)}
      >
        {t('takeBack')}
      </button>
      {isAsking && (
        <Confirm
          title={t('takeBack')}
          yes={t('endYes')}
          no={t('keep')}
          onYes={() => {
            setAsking(false)
            end.mutate(id)
          }}
          onNo={() => setAsking(false)}
        >
          {t('takeBackNote', { name: carerName })}
        </Confirm>
      )}
    </>
  )
}
