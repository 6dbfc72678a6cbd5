import { useTranslation } from 'react-i18next'

import type { CreditLine } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Go, places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Icon } from '../parts/Icon.tsx'
import { ReadAloud } from '../parts/ReadAloud.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { Applications } from './Applications.tsx'
import { EndLine } from './Leaving.tsx'
import { LimitBar } from './LimitBar.tsx'
import { OffersList } from './OffersList.tsx'
import { Owed } from './Owed.tsx'
import { inLanguage, useLines } from './use-credit.ts'
import { Visits } from './Visits.tsx'

/** 先诊疗后付费: the limits, what is to be repaid and when, the visits, and what can be applied for. */
export function CreditPage() {
  const { t } = useTranslation()
  const { data, error, refetch } = useLines()
  const lines = data?.items ?? []
  return (
    <Page
      title={t('credit:title')}
      back={places.home}
      aside={lines.length > 0 && <ReadAloud words={spoken(t, lines)} />}
    >
      {data?.items.length === 0 && <Intro />}
      {lines.map((line) => (
        <LineCard key={line.lineId} line={line} />
      ))}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && (
        <section className="card">
          <Waiting rows={4} />
        </section>
      )}
      {lines.length > 0 && <Owed />}
      {lines.length > 0 && <Visits />}
      <Applications />
      {data && <OffersList lines={lines} />}
    </Page>
  )
}

const spoken = (t: ReturnType<typeof useTranslation>['t'], lines: readonly CreditLine[]): string =>
  lines.map(({ freeFen }) => `${t('credit:free')} ${amountText(freeFen)}`).join('，')

const Intro = () => {
  const { t } = useTranslation()
  return (
    <section className="card">
      <h2>{t('credit:lead')}</h2>
      <p>{t('credit:intro')}</p>
      <p>{t('credit:introChoose')}</p>
      <p className="note">{t('credit:offer.voluntary')}</p>
    </section>
  )
}

function LineCard({ line }: { line: CreditLine }) {
  const { t, i18n } = useTranslation()
  const lender = inLanguage(line.lender, i18n.language)
  return (
    <section className="card" aria-label={`${t('credit:lines')} ${lender}`}>
      <div className="card-head">
        <h2>{lender}</h2>
        <p className={line.status === 'active' ? 'chip tone-good' : 'chip tone-held'}>
          <Icon name={line.status === 'active' ? 'done' : 'clock'} />
          {t(line.status === 'active' ? 'credit:lineStatuses.active' : 'credit:lineStopped')}
        </p>
      </div>
      <p className="total">
        <span>{t('credit:free')}</span>
        <span className="amount">{amountText(line.status === 'active' ? line.freeFen : 0)}</span>
      </p>
      {line.status !== 'active' && (
        <p className="held-row">
          <Icon name="question" />
          <span>{t(`credit:lineStatuses.${line.status}`)}</span>
        </p>
      )}
      <LimitBar line={line} />
      {line.status === 'active' && (
        <Go place={places.creditVisit(line.lenderId)} className="button button-primary">
          {t('credit:agreeVisit')}
        </Go>
      )}
      <EndLine line={line} lender={lender} />
    </section>
  )
}
