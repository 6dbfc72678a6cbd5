import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { Moment } from '../../web/Moment.tsx'
import { Icon } from '../parts/Icon.tsx'
import { useChannelName } from './channel-name.ts'

/** The numbers under which hospital and providers know the payment: what one needs at a window. */
export function Facts({ payment }: { payment: Payment }) {
  const { t } = useTranslation()
  const nameOf = useChannelName(payment)
  const receipts = payment.bills.flatMap((bill) => bill.receiptNo ?? [])
  const taken = payment.tenders.filter((tender) => tender.providerNo !== null)
  return (
    <section className="card" aria-label={t('payment.facts')}>
      <dl className="facts">
        <Fact name={t('payment.no')}>
          <Copyable text={payment.paymentNo} />
        </Fact>
        {receipts.map((receiptNo) => (
          <Fact key={receiptNo} name={t('receipt.no')}>
            <Copyable text={receiptNo} />
          </Fact>
        ))}
        <Fact name={t(payment.paidAt ? 'payment.paidAt' : 'payment.createdAt')}>
          <Moment at={payment.paidAt ?? payment.createdAt} />
        </Fact>
        {taken.map((tender) => (
          <Fact
            key={tender.tenderNo}
            name={t('payment.providerNo', { provider: nameOf(tender.provider) })}
          >
            <span className="number">{tender.providerNo}</span>
          </Fact>
        ))}
      </dl>
    </section>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

function Copyable({ text }: { text: string }) {
  const { t } = useTranslation()
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <span className="copyable">
      <span className="number">{text}</span>
      {/* A page without TLS has no clipboard. */}
      {'clipboard' in navigator && (
        <button type="button" className="text-link" onClick={() => void copy()}>
          <Icon name={isCopied ? 'done' : 'copy'} />
          <span role="status">{t(isCopied ? 'payment.copied' : 'payment.copy')}</span>
        </button>
      )}
    </span>
  )
}
