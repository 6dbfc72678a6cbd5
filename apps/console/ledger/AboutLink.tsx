import { Link } from '@tanstack/react-router'

import { businessDate } from '../../../kernel/time.ts'
import { isOfLender, useStaff } from '../shell/staff.ts'
import { aboutOf, type Entry } from './model.ts'
import { useLedgerWords } from './words.ts'

/** From an entry to the fact behind it, where it has a page; else to the reconciliation of its day. */
export function AboutLink({ entry }: { entry: Entry }) {
  const { t } = useLedgerWords()
  const isLender = isOfLender(useStaff())
  const { kind, id } = aboutOf(entry.subject)
  switch (kind) {
    case 'payment':
      return (
        <Link className="ledger-about" to="/payments/$paymentId" params={{ paymentId: id }}>
          {t('links.payment')}
        </Link>
      )
    case 'deposit':
      return (
        <Link className="ledger-about" to="/deposits/$accountId" params={{ accountId: id }}>
          {t('links.deposit')}
        </Link>
      )
    case 'benefit':
      return (
        <Link className="ledger-about" to="/benefits/$programmeId" params={{ programmeId: id }}>
          {t('links.benefit')}
        </Link>
      )
    case 'loan':
      return isLender ? (
        <Link className="ledger-about" to="/bank/loans/$loanId" params={{ loanId: id }}>
          {t('links.loan')}
        </Link>
      ) : null
    default:
      return isLender ? null : (
        <Link
          className="ledger-about"
          to="/reconciliation/day"
          search={{ date: businessDate(entry.businessDate) }}
        >
          {t('links.day')}
        </Link>
      )
  }
}
