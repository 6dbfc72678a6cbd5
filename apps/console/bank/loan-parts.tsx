import { today } from '../clock.ts'
import { StatusChip } from '../list/StatusChip.tsx'
import { daysBetween, type LenderLoan } from './model.ts'
import { lookOfLoan, useBankWords } from './words.ts'

const SHOWN_LETTERS = 8

/** An account number; of a long one its end, which is what people compare, and the whole where the mouse rests. */
export function AccountName({ accountNo }: { accountNo: string | null }) {
  const { t } = useBankWords()
  if (accountNo === null) return <span className="fine">{t('account.none')}</span>
  const isLong = accountNo.length > SHOWN_LETTERS + 1
  return <code title={accountNo}>{isLong ? `…${accountNo.slice(-SHOWN_LETTERS)}` : accountNo}</code>
}

/** How a loan stands, and for how many days it has been overdue. */
export function LoanChip({ loan }: { loan: LenderLoan }) {
  const { t } = useBankWords()
  const { status, stage, overdueSince } = loan
  const word =
    status === 'open' ? t(`stages.${stage}`, { defaultValue: stage }) : t(`statuses.loan.${status}`)
  const days = status === 'open' && overdueSince ? daysBetween(overdueSince, today()) : 0
  return (
    <StatusChip
      {...lookOfLoan(loan)}
      text={days > 0 ? `${word} ${t('products.days', { count: days })}` : word}
    />
  )
}
