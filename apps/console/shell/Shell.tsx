import { getRouteApi, Link, Outlet, useLocation, useRouter } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useAnnouncement } from './announce.ts'
import { DemoBanner } from './DemoBanner.tsx'
import { Help } from './Help.tsx'
import { Icon } from './Icon.tsx'
import { type MenuItem, menuOf } from './menu.ts'
import { NotYours } from './NotYours.tsx'
import { useShortcut, useShortcutListener } from './shortcuts.ts'
import { isOfLender, StaffContext } from './staff.ts'
import { TopBar } from './TopBar.tsx'

/** Around every page behind the sign-in: who, where, which day, and the ways to everything else. */
export function Shell() {
  const { t } = useTranslation()
  const { staff } = getRouteApi('/office').useRouteContext()
  const [isHelpOpen, setHelpOpen] = useState(false)
  const main = useFocusOnNewPage()
  const isOfBank = isLenderPage(useLocation().pathname)
  const menu = menuOf(staff)
  useShortcutListener()
  useShortcut('?', () => setHelpOpen(true))
  return (
    <StaffContext value={staff}>
      <div className="shell">
        <a className="skip" href="#main">
          {t('shell.skip')}
        </a>
        <DemoBanner />
        <TopBar onHelp={() => setHelpOpen(true)} />
        <nav className="menu" aria-label={t('shell.menu')}>
          {menu.map((item) => (
            <MenuLink key={item.name} item={item} />
          ))}
        </nav>
        <main id="main" className="main" tabIndex={-1} ref={main}>
          {isOfBank === isOfLender(staff) ? <Outlet /> : <NotYours />}
        </main>
        <Announcer />
        <Help isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} menu={menu} />
      </div>
    </StaffContext>
  )
}

/** The pages of a lender's staff, below one path. */
const isLenderPage = (pathname: string): boolean => /^(\/console)?\/bank(\/|$)/.test(pathname)

function MenuLink({ item }: { item: MenuItem }) {
  const { t } = useTranslation()
  const { navigate } = useRouter()
  useShortcut(item.keys, () => void navigate({ to: item.to }))
  return (
    <Link
      to={item.to}
      activeOptions={{
        exact: item.to === '/' || item.to === '/bank',
        includeSearch: false,
      }}
    >
      <Icon name={item.icon} />
      <span>{t(`menu.${item.name}`)}</span>
    </Link>
  )
}

function Announcer() {
  const sentence = useAnnouncement()
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {sentence}
    </div>
  )
}

/** A page that comes in place of another is read from its top; a filter that changes moves nobody. */
function useFocusOnNewPage() {
  const { pathname } = useLocation()
  const main = useRef<HTMLElement>(null)
  const shown = useRef(pathname)
  useEffect(() => {
    if (shown.current === pathname) return
    shown.current = pathname
    main.current?.focus({ preventScroll: true })
  }, [pathname])
  return main
}
