import { Link, type LinkProps } from '@tanstack/react-router'
import { Button, Skeleton } from 'antd'
import type { FormEvent, ReactNode } from 'react'

import { Fault } from '../list/Fault.tsx'
import { Icon } from '../shell/Icon.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'

type ProposeFrameProps = {
  title: string
  hint: string
  /** The list that it is proposed for. */
  back: { to: NonNullable<LinkProps['to']>; text: string }
  /** Said in place of the form to those who may only look. */
  readOnly: string | null
  /** Of what it begins with. */
  query: { error: unknown; refetch: () => Promise<unknown> }
  /** The form; null while what it begins with is being read. */
  children: ReactNode
}

/** Where terms are proposed, from nothing or from others: those in force are never changed. */
export function ProposeFrame({ title, hint, back, readOnly, query, children }: ProposeFrameProps) {
  const { error, refetch } = query
  usePageTitle(title)
  return (
    <div className="page">
      <p className="crumbs">
        <Link to={back.to}>{back.text}</Link> <Icon name="right" />
      </p>
      <header className="page-head">
        <h1>{title}</h1>
      </header>
      <p className="fine">{hint}</p>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {readOnly !== null ? (
        <p className="notice-held">{readOnly}</p>
      ) : (
        (children ?? (error === null && <Skeleton active paragraph={{ rows: 8 }} />))
      )}
    </div>
  )
}

type ProposeFormProps = {
  /** What is wrong with what was entered, in words. */
  problems: readonly string[]
  propose: { error: unknown; isPending: boolean; reset: () => void }
  /** Who has to agree. */
  second: string
  button: string
  onSubmit: () => void
  children: ReactNode
  /** Beside the button that sends it. */
  beside?: ReactNode
}

/** The fields, what is wrong with them, what the hub said, and the button that sends them to a second person. */
export function ProposeForm({ problems, propose, ...props }: ProposeFormProps) {
  const { second, button, onSubmit, children, beside } = props
  const submit = (event: FormEvent) => {
    event.preventDefault()
    propose.reset()
    onSubmit()
  }
  return (
    <form className="card channel-form propose-form" onSubmit={submit} noValidate>
      {children}
      {problems.length > 0 && (
        <ul className="form-problems" role="alert">
          {problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
      {propose.error !== null && <Fault error={propose.error} />}
      <p className="fine">{second}</p>
      <span className="bank-acts">
        <Button type="primary" htmlType="submit" loading={propose.isPending}>
          {button}
        </Button>
        {beside}
      </span>
    </form>
  )
}
