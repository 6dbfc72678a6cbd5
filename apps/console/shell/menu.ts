import type { IconName } from './Icon.tsx'
import { may, type Right, type Staff } from './staff.ts'

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
  to:
    | '/'
    | '/payments'
    | '/refunds'
    | '/moves'
    | '/reconciliation'
    | '/cases'
    | '/channels'
    | '/partners'
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
]

export const menuOf = (staff: Staff): MenuItem[] =>
  MENU.filter(({ right }) => right === null || may(staff, right))
