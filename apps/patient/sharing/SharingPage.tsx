import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHospitalName } from '../parts/hospitals.ts'
import { Icon } from '../parts/Icon.tsx'
import { Page } from '../shell/Page.tsx'
import { AccessList } from './AccessList.tsx'
import { ConsentList } from './ConsentList.tsx'
import { type Alert, useAlerts, useSeeAlert } from './use-sharing.ts'

/** 记录授权: which hospital may read what another has of one, and who looked. */
export function SharingPage() {
  const { t } = useTranslation('sharing')
  const alerts = useAlerts()
  return (
    <Page title={t('title')} back={places.account}>
      {alerts.data?.items.map((alert) => (
        <AlertCard key={alert.id} alert={alert} />
      ))}
      {alerts.error ? (
        <FailureBox error={alerts.error} onRetry={() => void alerts.refetch()} />
      ) : null}
      <div className="card">
        <p>{t('intro')}</p>
      </div>
      <ConsentList />
      <AccessList />
    </Page>
  )
}

/** Somebody looked in an emergency: said first, until the person has seen it. */
function AlertCard({ alert }: { alert: Alert }) {
  const { t } = useTranslation('sharing')
  const see = useSeeAlert()
  const reader = useHospitalName(alert.readerId)
  const holder = useHospitalName(alert.holderId)
  return (
    <section className="card held-row" role="status" aria-label={t('alert.title')}>
      <p>
        <Icon name="clock" />
        <span>
          <strong>{t('alert.title')}</strong>
          <br />
          {t('alert.words', { reader, holder, reason: t(`reasons.${alert.reason}`) })}
          <br />
          <Moment at={alert.at} />
        </span>
      </p>
      {see.error && <FailureBox error={see.error} />}
      <button
        type="button"
        className="button"
        disabled={see.isPending}
        onClick={() => see.mutate(alert.id)}
      >
        {t('alert.seen')}
      </button>
    </section>
  )
}
