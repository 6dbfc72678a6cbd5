import type { IconName } from './Icon.tsx'
import { isOfLender, may, type Right, type Staff } from './staff.ts'

/** Words: menu.<name>. `keys` lead there from anywhere. `right` is null where any staff may look. */
export type MenuItem = {
  name:
    | 'today'
    | 'payments'
    | 'refunds'
    | 'moves'
    | 'reconciliation'
    | 'cases'
    | 'channels'
    | 'partners'
    | 'catalogue'
    | 'benefits'
    | 'deposits'
    | 'lending'
    | 'loans'
    | 'lines'
    | 'reviews'
    | 'collections'
    | 'payouts'
    | 'hospitalLimits'
    | 'products'
    | 'lenderDays'
  to:
    | '/'
    | '/payments'
    | '/refunds'
    | '/moves'
    | '/reconciliation'
    | '/cases'
    | '/channels'
    | '/partners'
    | '/catalogue'
    | '/benefits'
    | '/deposits'
    | '/bank'
    | '/bank/loans'
    | '/bank/lines'
    | '/bank/reviews'
    | '/bank/collections'
    | '/bank/payouts'
    | '/bank/hospitals'
    | '/bank/products'
    | '/bank/days'
  icon: IconName
  keys: string
  right: Right | null
}

const MENU: readonly MenuItem[] = [
  { name: 'today', to: '/', icon: 'today', keys: 'g t', right: 'readFinance' },
  { name: 'payments', to: '/payments', icon: 'payments', keys: 'g p', right: null },
  { name: 'refunds', to: '/refunds', icon: 'undo', keys: 'g f', right: null },
  { name: 'moves', to: '/moves', icon: 'moves', keys: 'g m', right: 'readFinance' },
  {
    name: 'reconciliation',
    to: '/reconciliation',
    icon: 'reconciliation',
    keys: 'g r',
    right: 'readBooks',
  },
  { name: 'cases', to: '/cases', icon: 'cases', keys: 'g c', right: 'readBooks' },
  { name: 'channels', to: '/channels', icon: 'provider', keys: 'g q', right: 'readChannels' },
  { name: 'partners', to: '/partners', icon: 'code', keys: 'g a', right: 'readPartners' },
  { name: 'catalogue', to: '/catalogue', icon: 'book', keys: 'g u', right: 'readCatalogue' },
  { name: 'benefits', to: '/benefits', icon: 'person', keys: 'g b', right: 'readBenefits' },
  { name: 'deposits', to: '/deposits', icon: 'lock', keys: 'g d', right: 'readDeposits' },
]

const LENDER_MENU: readonly MenuItem[] = [
  { name: 'lending', to: '/bank', icon: 'today', keys: 'g t', right: 'readLending' },
  { name: 'loans', to: '/bank/loans', icon: 'payments', keys: 'g l', right: 'readLending' },
  { name: 'lines', to: '/bank/lines', icon: 'person', keys: 'g a', right: 'readLending' },
  { name: 'reviews', to: '/bank/reviews', icon: 'cases', keys: 'g v', right: 'readLending' },
  {
    name: 'collections',
    to: '/bank/collections',
    icon: 'download',
    keys: 'g c',
    right: 'readLending',
  },
  { name: 'payouts', to: '/bank/payouts', icon: 'undo', keys: 'g o', right: 'readLending' },
  {
    name: 'hospitalLimits',
    to: '/bank/hospitals',
    icon: 'hospital',
    keys: 'g h',
    right: 'readLending',
  },
  { name: 'products', to: '/bank/products', icon: 'book', keys: 'g p', right: 'readLending' },
  { name: 'lenderDays', to: '/bank/days', icon: 'clock', keys: 'g d', right: 'readLending' },
]

export const menuOf = (staff: Staff): MenuItem[] =>
  (isOfLender(staff) ? LENDER_MENU : MENU).filter(
    ({ right }) => right === null || may(staff, right),
  )
