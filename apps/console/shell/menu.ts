import type { IconName } from './Icon.tsx'
import { isOfLender, may, type Right, type Staff } from './staff.ts'

const MENU = [
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
  { name: 'statements', to: '/statements', icon: 'file', keys: 'g s', right: 'readBooks' },
  { name: 'ledger', to: '/ledger', icon: 'ours', keys: 'g l', right: 'readBooks' },
  {
    name: 'crossChecks',
    to: '/cross-checks',
    icon: 'crossChecks',
    keys: 'g x',
    right: 'readBooks',
  },
  { name: 'cases', to: '/cases', icon: 'cases', keys: 'g c', right: 'readBooks' },
  { name: 'settlement', to: '/settlement', icon: 'bank', keys: 'g e', right: 'readBooks' },
  { name: 'vouchers', to: '/vouchers', icon: 'voucher', keys: 'g v', right: 'readBooks' },
  { name: 'channels', to: '/channels', icon: 'provider', keys: 'g q', right: 'readChannels' },
  { name: 'partners', to: '/partners', icon: 'code', keys: 'g a', right: 'readPartners' },
  { name: 'catalogue', to: '/catalogue', icon: 'book', keys: 'g u', right: 'readCatalogue' },
  { name: 'benefits', to: '/benefits', icon: 'person', keys: 'g b', right: 'readBenefits' },
  { name: 'deposits', to: '/deposits', icon: 'lock', keys: 'g d', right: 'readDeposits' },
  { name: 'persons', to: '/persons', icon: 'people', keys: 'g i', right: 'readPersons' },
  { name: 'media', to: '/cards', icon: 'payments', keys: 'g j', right: 'keepMedia' },
  { name: 'family', to: '/family', icon: 'people', keys: 'g y', right: 'keepFamily' },
  { name: 'records', to: '/records', icon: 'book', keys: 'g h', right: 'readRecords' },
  {
    name: 'recordReviews',
    to: '/record-reviews',
    icon: 'lock',
    keys: 'g k',
    right: 'reviewRecords',
  },
  { name: 'rollout', to: '/rollout', icon: 'hospital', keys: 'g o', right: 'readRollout' },
  { name: 'onboarding', to: '/onboarding', icon: 'moves', keys: 'g n', right: 'switchOn' },
  { name: 'queue', to: '/queue', icon: 'people', keys: 'g w', right: 'workQueue' },
  { name: 'clinics', to: '/clinics', icon: 'clock', keys: 'g y', right: 'readClinics' },
] as const satisfies readonly Entry[]

const LENDER_MENU = [
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
] as const satisfies readonly Entry[]

/** One line of either menu above: its name and its address are what the data say. */
export type MenuItem = (typeof MENU | typeof LENDER_MENU)[number]

export const menuOf = (staff: Staff): MenuItem[] =>
  (isOfLender(staff) ? LENDER_MENU : MENU).filter(
    ({ right }) => right === null || may(staff, right),
  )

/** Words: menu.<name>. `keys` lead there from anywhere. `right` is null where any staff may look. */
type Entry = { name: string; to: string; icon: IconName; keys: string; right: Right | null }
