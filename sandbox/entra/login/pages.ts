import { escapeHtml } from '../../../server/escape-html.ts'
import type { DirectoryUser } from '../directory/account.ts'
import type { App, Tenant } from '../tenant.ts'
import type { AccountSpec } from '../types.ts'
import type { EntraError } from './errors.ts'
import { page } from './page-shell.ts'

/** Step one: which account. */
export function accountPage(
  tenant: Tenant,
  app: App,
  accounts: { account: AccountSpec; user: DirectoryUser }[],
): string {
  const rows = accounts.map(
    ({ account, user }) => `<li><button name="account" value="${escapeHtml(account.key)}">
<span class="face" aria-hidden="true">${escapeHtml(initials(user))}</span>
<span class="who"><b>${escapeHtml(user.displayName ?? user.userPrincipalName)}</b><span>${escapeHtml(user.userPrincipalName)}</span><span>${roleWords(account, user)}</span></span>
</button></li>`,
  )
  return page(
    'Pick an account',
    `<h1>Pick an account</h1>
<p>to continue to ${escapeHtml(app.displayName)} with <b>${escapeHtml(tenant.displayName)}</b></p>
<form method="post"><ul class="accounts">${rows.join('\n')}</ul></form>`,
  )
}

/** Step two: what the app may read. */
export function consentPage(
  tenant: Tenant,
  app: App,
  user: DirectoryUser,
  key: string,
  scopes: string[],
  isNew: boolean,
): string {
  return page(
    'Permissions requested',
    `<p>${escapeHtml(user.userPrincipalName)}</p>
<h1>Permissions requested</h1>
<p>${isNew ? 'You are an administrator: accepting grants these for your organization.' : 'An administrator has already consented to these for your organization.'}</p>
<p><b>${escapeHtml(app.displayName)}</b> would like to:</p>
<ul class="perms">${scopes.map(permission).join('')}${permission('offline_access')}</ul>
<form method="post"><input type="hidden" name="account" value="${escapeHtml(key)}">
<div class="row"><button name="decision" value="cancel">Cancel</button><button class="main" name="decision" value="accept">Accept</button></div></form>
<p class="facts">Tenant ${escapeHtml(tenant.displayName)} · <code>${escapeHtml(tenant.id)}</code></p>`,
  )
}

/** The end for people who may not consent: only an administrator can. */
export function needAdminPage(app: App, user: DirectoryUser, key: string, scopes: string[]): string {
  return page(
    'Need admin approval',
    `<p>${escapeHtml(user.userPrincipalName)}</p>
<h1>Need admin approval</h1>
<p><b>${escapeHtml(app.displayName)}</b> needs permission to access resources in your organization that only an admin can grant. Please ask an admin to grant permission to this app before you can use it.</p>
<ul class="perms">${scopes.map(permission).join('')}</ul>
<form method="post"><input type="hidden" name="account" value="${escapeHtml(key)}">
<div class="row"><button class="main" name="decision" value="return">Return to the application without granting consent</button></div></form>
<p class="facts">AADSTS90094</p>`,
  )
}

/** A dead end, as Entra shows it when it must not redirect. */
export function errorPage(problem: EntraError, now: Date): string {
  return page(
    'Sign-in error',
    `<h1>Sorry, but we’re having trouble signing you in.</h1>
<p>AADSTS${problem.code}: ${escapeHtml(problem.text)}</p>
<p class="facts">Error code ${problem.code} · ${now.toISOString()}</p>`,
  )
}

function permission(scope: string): string {
  const [title, detail] = words[scope] ?? [scope, 'Delegated permission of Microsoft Graph.']
  return `<li><b>${escapeHtml(title)}</b><span>${escapeHtml(scope)} – ${escapeHtml(detail)}</span></li>`
}

function roleWords(account: AccountSpec, user: DirectoryUser): string {
  if (!user.accountEnabled) return 'Disabled'
  if (account.role === 'global-administrator') return 'Global Administrator'
  if (account.role === 'security-reader') return 'Security Reader'
  return user.userType === 'Guest' ? 'Guest, no role' : 'Member, no role'
}

function initials(user: DirectoryUser): string {
  return `${user.givenName?.[0] ?? user.userPrincipalName[0] ?? ''}${user.surname?.[0] ?? ''}`.toUpperCase()
}

const words: Record<string, [string, string]> = {
  'User.Read.All': ['Read all users’ full profiles', 'the list of accounts and their state'],
  'AuditLog.Read.All': ['Read audit log data', 'sign-ins and authentication method registration'],
  'Policy.Read.All': ['Read your organization’s policies', 'conditional access and security defaults'],
  'IdentityRiskyUser.Read.All': ['Read identity risky user information', 'users at risk'],
  'User.Read': ['Sign you in and read your profile', 'your own profile'],
  offline_access: [
    'Maintain access to data you have given it access to',
    'also while you are not using the app',
  ],
}
