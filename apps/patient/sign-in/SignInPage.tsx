import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useId } from 'react'
import { useTranslation } from 'react-i18next'

import { client } from '../api.ts'
import { useGo } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { rememberSession } from '../session.ts'
import { ElderToggle, LanguageChoice } from '../shell/Preferences.tsx'
import { Personas } from './Personas.tsx'

/** Phone number and password; in a demo also invented people to sign in as by one press. */
export function SignInPage({ next }: { next: string }) {
  const { t } = useTranslation()
  const [loginId, passwordId] = [useId(), useId()]
  const signIn = useSignIn(next)
  useEffect(() => {
    document.title = `${t('signIn.title')} · ${t('common:product')}`
  }, [t])
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    signIn.mutate({ login: textOf(form, 'login').trim(), password: textOf(form, 'password') })
  }
  return (
    <div className="page sign-in">
      <header className="brand">
        <div className="preferences">
          <LanguageChoice />
          <ElderToggle />
        </div>
        <img src="/patient/mark.svg" alt="" />
        <h1>{t('common:product')}</h1>
        <p>{t('signIn.slogan')}</p>
      </header>
      <main className="page-main">
        <form className="card" onSubmit={submit} aria-label={t('signIn.title')}>
          <label htmlFor={loginId}>{t('signIn.phone')}</label>
          <input id={loginId} name="login" type="tel" autoComplete="username" required />
          <label htmlFor={passwordId}>{t('signIn.password')}</label>
          <input
            id={passwordId}
            name="password"
            type="password"
            autoComplete="current-password"
            required
          />
          {signIn.error !== null && <FailureBox error={signIn.error} />}
          <button type="submit" className="button button-primary" disabled={signIn.isPending}>
            {signIn.isPending ? t('signIn.busy') : t('signIn.submit')}
          </button>
        </form>
        <Personas isBusy={signIn.isPending} onChoose={(persona) => signIn.mutate(persona)} />
      </main>
    </div>
  )
}

function useSignIn(next: string) {
  const queryClient = useQueryClient()
  const go = useGo()
  return useMutation({
    mutationFn: async ({ login, password }: Credentials) => {
      const body = { app: 'patient', login, password } as const
      const { error } = await client.POST('/v1/sessions', { body })
      if (error) throw error
    },
    onSuccess: async () => {
      queryClient.clear() // nothing of an earlier person stays
      rememberSession()
      const url = new URL(next, window.location.origin)
      const search = Object.fromEntries(url.searchParams)
      await go({ to: url.pathname, search }, { replace: true })
    },
  })
}

const textOf = (form: FormData, name: string): string => {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

type Credentials = { login: string; password: string }
