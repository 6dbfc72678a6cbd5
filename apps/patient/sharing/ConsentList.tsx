import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { momentText } from '../../web/moment.ts'
import { Confirm } from '../parts/Confirm.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHospitalName, useHospitals } from '../parts/hospitals.ts'
import { Waiting } from '../parts/Waiting.tsx'
import { ConsentForm } from './ConsentForm.tsx'
import { type Consent, useConsents, useWithdrawConsent } from './use-sharing.ts'

/** What stands, each with the way to take it back, and the form for another. */
export function ConsentList() {
  const { t } = useTranslation('sharing')
  const { data, error, refetch } = useConsents()
  const hospitals = useHospitals()
  const [isGiving, setGiving] = useState(false)
  const standing = data?.items.filter(({ state }) => state === 'in_force')
  return (
    <section className="payer" aria-label={t('consents')}>
      <h2>{t('consents')}</h2>
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={3} />}
      {standing?.length === 0 && <p className="card note">{t('noConsents')}</p>}
      {standing?.map((consent) => (
        <ConsentCard key={consent.id} consent={consent} />
      ))}
      {data?.text && hospitals.data && isGiving && (
        <ConsentForm
          text={data.text}
          hospitals={hospitals.data.items}
          onDone={() => setGiving(false)}
        />
      )}
      {data?.text && !isGiving && (
        <button type="button" className="button" onClick={() => setGiving(true)}>
          {t('give')}
        </button>
      )}
    </section>
  )
}

function ConsentCard({ consent }: { consent: Consent }) {
  const { t, i18n } = useTranslation('sharing')
  const [isAsking, setAsking] = useState(false)
  const withdraw = useWithdrawConsent()
  const reader = useHospitalName(consent.readerId)
  const holder = useHospitalName(consent.holderId)
  const kinds = consent.kinds.map((kind) => t(`kinds.${kind}`)).join(t('and'))
  return (
    <div className="card">
      <p>
        <strong>{t('mayRead', { reader, holder, kinds })}</strong>
      </p>
      <p className="note">
        {t('for', {
          purpose: t(`purposes.${consent.purpose}`),
          day: momentText(consent.expiresAt, 'day', i18n.language),
        })}
      </p>
      {withdraw.error && <FailureBox error={withdraw.error} />}
      <button
        type="button"
        className="button"
        disabled={withdraw.isPending}
        onClick={() => setAsking(true)}
      >
        {t('withdraw')}
      </button>
      {isAsking && (
        <Confirm
          title={t('withdraw')}
          yes={t('withdrawYes')}
          no={t('keep')}
          onYes={() => {
            setAsking(false)
            withdraw.mutate(consent)
          }}
          onNo={() => setAsking(false)}
        >
          {t('withdrawNote', { reader })}
        </Confirm>
      )}
    </div>
  )
}
