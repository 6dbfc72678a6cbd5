import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Hospital } from '../../../contract/client.ts'
import { SECOND_MS } from '../../../kernel/time.ts'
import { useOpenBills } from '../bill/open-bills.ts'
import { useAppointments } from '../booking/use-appointments.ts'
import { useActing } from '../family/acting.ts'
import { Go, places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHospitals } from '../parts/hospitals.ts'
import { Icon } from '../parts/Icon.tsx'
import { useMe } from '../parts/me.ts'
import { Waiting } from '../parts/Waiting.tsx'
import { ElderToggle } from '../shell/Preferences.tsx'
import { NextToCome } from './NextToCome.tsx'
import { OpenBills } from './OpenBills.tsx'
import { RecentPayments } from './RecentPayments.tsx'
import { RecordAlert } from './RecordAlert.tsx'

/** What is to come, what is owed at any hospital, what was paid, and the way to the rest. */
export function HomePage() {
  const { t } = useTranslation()
  const me = useMe()
  const acting = useActing()
  const { data, error, refetch } = useHospitals()
  useEffect(() => {
    document.title = t('common:product')
  }, [t])
  return (
    <div className="page home">
      <header className="home-head">
        <Go place={places.account} className="home-name">
          <h1>{me ? t('home.greeting', { name: me.name }) : t('common:product')}</h1>
          <Icon name="down" />
          <span className="visually-hidden">{t('account.title')}</span>
        </Go>
        <ElderToggle />
      </header>
      <main className="page-main">
        {!acting && <RecordAlert />}
        <nav className="tiles" aria-label={t('home.entries')}>
          <Go place={places.book} className="tile">
            <Icon name="hospital" />
            {t('home.book')}
          </Go>
          <Go place={places.appointments} className="tile">
            <Icon name="clock" />
            {t('home.appointments')}
          </Go>
          <a href="#open-bills" className="tile">
            <Icon name="bill" />
            {t('home.openBills')}
          </a>
          <Go place={places.records} className="tile">
            <Icon name="list" />
            {t('records.title')}
          </Go>
          <Go place={places.refunds} className="tile">
            <Icon name="returned" />
            {t('records.refunds')}
          </Go>
          {!acting && <OwnTiles />}
        </nav>
        {data && <Own hospitals={data.items} />}
        {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
        {!data && !error && <Waiting rows={4} />}
      </main>
    </div>
  )
}

/** What nobody does for another. */
function OwnTiles() {
  const { t } = useTranslation()
  return (
    <>
      <Go place={places.statement} className="tile">
        <Icon name="print" />
        {t('statement.short')}
      </Go>
      <Go place={places.credit} className="tile">
        <Icon name="card" />
        {t('home.payLater')}
      </Go>
    </>
  )
}

const MOST_WAIT_MS = 2.5 * SECOND_MS

/**
 * What was paid waits a moment for what is owed, and both for what is to come, as they stand above: nothing shall jump
 * under a finger.
 */
function Own({ hospitals }: { hospitals: readonly Hospital[] }) {
  const bills = useOpenBills(hospitals)
  const appointments = useAppointments(hospitals)
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), MOST_WAIT_MS)
    return () => clearTimeout(timer)
  }, [])
  const isIn = bills.every((answer) => !answer.isPending)
  const isNextIn = appointments.every((answer) => !answer.isPending)
  if (!isNextIn && !isLong) return <Waiting rows={4} />
  return (
    <>
      <NextToCome hospitals={hospitals} answers={appointments} />
      <OpenBills hospitals={hospitals} answers={bills} />
      {(isIn || isLong) && <RecentPayments hospitals={hospitals} />}
    </>
  )
}
