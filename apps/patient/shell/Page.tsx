import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'

import { type Place, useGoBack } from '../navigation.tsx'
import { Icon } from '../parts/Icon.tsx'

/**
 * A page with its title, the way back, and at most one thing to do at the foot, which stays in sight. The
 * title takes the focus, so that a screen reader begins with it and the keyboard at the top.
 */
export function Page({ title, back, aside, foot, children }: PageProps) {
  const { t } = useTranslation()
  const goBack = useGoBack(back)
  const heading = useRef<HTMLHeadingElement>(null)
  const id = useId()
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  useEffect(() => {
    document.title = `${title} · ${t('common:product')}`
  }, [title, t])
  return (
    <div className="page">
      <header className="page-head">
        <button type="button" className="icon-button" onClick={goBack} aria-label={t('back')}>
          <Icon name="back" />
        </button>
        <h1 ref={heading} tabIndex={-1} id={id}>
          {title}
        </h1>
        <div className="page-aside">{aside}</div>
      </header>
      <main className="page-main" aria-labelledby={id}>
        {children}
      </main>
      {foot && <footer className="page-foot">{foot}</footer>}
    </div>
  )
}

type PageProps = {
  title: string
  /** Where back leads when this page was the first. */
  back: Place
  aside?: ReactNode
  foot?: ReactNode
  children: ReactNode
}
