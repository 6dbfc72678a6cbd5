import { useQuery } from '@tanstack/react-query'
import Checkbox from 'antd-mobile/es/components/checkbox'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Bill } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { momentText } from '../../web/moment.ts'
import { Moment } from '../../web/Moment.tsx'
import { Go, places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Fold } from '../parts/Fold.tsx'
import { ForWhom } from '../parts/ForWhom.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Lines } from '../parts/Lines.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { openBillsOptions } from './open-bills.ts'
import { totalFenOf, visitsOf } from './visits.ts'

/** The open bills of one visit, line by line; those that are ticked are paid together. */
export function VisitPage({ hospitalId, visitNo }: { hospitalId: number; visitNo: string }) {
  const { t, i18n } = useTranslation()
  const { data, error, refetch } = useQuery(openBillsOptions(hospitalId))
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set())
  const visit = visitsOf(data?.bills ?? []).find((known) => known.visitNo === visitNo)
  const chosen = visit?.bills.filter((bill) => !leftOut.has(bill.billNo)) ?? []
  const choose = (billNo: string, isChosen: boolean) => {
    const next = new Set(leftOut)
    if (isChosen) next.delete(billNo)
    else next.add(billNo)
    setLeftOut(next)
  }
  const asOf = data?.stale || error ? data?.readAt : undefined
  return (
    <Page
      title={t('bill.title')}
      back={places.home}
      foot={visit && <PayFoot hospitalId={hospitalId} all={visit.bills} chosen={chosen} />}
    >
      <ForWhom hospitalId={hospitalId} />
      {asOf && (
        <p className="held-row" role="status">
          <Icon name="clock" />
          {t('home.asOf', { at: momentText(asOf, 'moment', i18n.language) })}
        </p>
      )}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={6} words={t('home.asking')} />}
      {data && !visit && <NothingOpen />}
      {visit?.bills.map((bill) => (
        <BillCard
          key={bill.billNo}
          hospitalId={hospitalId}
          bill={bill}
          isAlone={visit.bills.length === 1}
          isChosen={!leftOut.has(bill.billNo)}
          onChoose={(isChosen) => choose(bill.billNo, isChosen)}
        />
      ))}
    </Page>
  )
}

function NothingOpen() {
  const { t } = useTranslation()
  return (
    <div className="blank">
      <Icon name="done" />
      <p>{t('bill.nothingOpen')}</p>
      <Go place={places.records} className="button">
        {t('records.title')}
      </Go>
    </div>
  )
}

function BillCard({ hospitalId, bill, isAlone, isChosen, onChoose }: BillCardProps) {
  const { t } = useTranslation()
  const head = (
    <span className="bill-head">
      <span>
        <span className="visit-title">{bill.title}</span>
        <span className="fine-print pieces">
          <span>{t(`bill.kinds.${bill.kind}`)}</span>
          <Moment at={bill.billedAt} />
        </span>
      </span>
      <strong>
        <Amount fen={bill.totalFen} />
      </strong>
    </span>
  )
  return (
    <section className="card" aria-label={bill.title}>
      {isAlone ? (
        head
      ) : (
        <Checkbox block checked={isChosen} onChange={onChoose}>
          {head}
        </Checkbox>
      )}
      <Fold title={t('bill.lines', { count: bill.lines.length })} isOpen={isAlone}>
        <Lines lines={bill.lines.map((line) => ({ ...line, billNo: bill.billNo }))} />
        <Go place={places.explain(hospitalId, bill.billNo)} className="text-link">
          {t('payersEntry.explain')}
          <Icon name="forward" />
        </Go>
      </Fold>
    </section>
  )
}

type BillCardProps = {
  hospitalId: number
  bill: Bill
  isAlone: boolean
  isChosen: boolean
  onChoose: (isChosen: boolean) => void
}

function PayFoot({ hospitalId, all, chosen }: { hospitalId: number; all: Bill[]; chosen: Bill[] }) {
  const { t } = useTranslation()
  return (
    <>
      {all.length > 1 && (
        <p className="foot-note">{t('bill.chosen', { count: chosen.length, all: all.length })}</p>
      )}
      {chosen.length > 0 ? (
        <Go place={places.pay(hospitalId, chosen)} className="button button-primary">
          {t('bill.goPay', { amount: amountText(totalFenOf(chosen)) })}
        </Go>
      ) : (
        <p className="note">{t('bill.chooseOne')}</p>
      )}
    </>
  )
}
