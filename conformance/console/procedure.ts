/* The steps of PingOne's procedure, as a person clicks through them. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { keepPicture } from './browser.ts';

export const OWNER = 'application-owner';
export const RESOURCE_OWNER = 'resource-owner';
export const SIGN_IN_URL = 'https://www.example.com:443/callback';
export const USER_PASSWORD = 'first-password-of-a-user';

export const emailOf = (userName: string): string => `${userName}@example.com`;

/** On the page of users of a realm. */
export async function createUserByClicking(
  page: Page,
  realm: string,
  userName: string,
): Promise<void> {
  await page.getByRole('button', { name: `New ${realm} realm - User` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Username' }).fill(userName);
  await dialog.getByRole('textbox', { name: 'First Name' }).fill('Avery');
  await dialog.getByRole('textbox', { name: 'Last Name' }).fill('Example');
  await dialog.getByRole('textbox', { name: 'Email Address' }).fill(emailOf(userName));
  await dialog.getByRole('textbox', { name: 'Password' }).fill(USER_PASSWORD);
  await dialog.getByRole('checkbox', { name: 'To be replaced at the first sign-in' }).uncheck();
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('heading', { name: userName, level: 1 }).waitFor();
}

/** From any page of the realm to the Sign On tab of `myClient`, whose secret is `forgerock`. */
export async function createApplicationByClicking(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Applications' }).click();
  await page.getByRole('button', { name: 'Custom Application' }).click();
  const wizard = page.getByRole('dialog', { name: 'Add a Custom Application' });
  await wizard.getByRole('radio', { name: 'OIDC - OpenId Connect' }).click();
  await wizard.getByRole('button', { name: 'Next' }).click();
  await wizard.getByRole('radio', { name: 'Web' }).click();
  await wizard.getByRole('button', { name: 'Next' }).click();
  await wizard.getByRole('textbox', { name: 'Name' }).fill('myClient');
  await wizard.getByRole('combobox', { name: 'Owners' }).fill('application-o');
  await page.getByRole('option', { name: new RegExp(OWNER) }).click();
  await keepPicture(page, 'wizard-details');
  await wizard.getByRole('textbox', { name: 'Name' }).click();
  await wizard.getByRole('button', { name: 'Next' }).click();
  await wizard.getByRole('textbox', { name: 'Client ID' }).fill('myClient');
  await wizard.getByRole('textbox', { name: 'Client Secret' }).fill('forgerock');
  await wizard.getByRole('button', { name: 'Create Application' }).click();
  const ready = page.getByRole('dialog', { name: 'myClient is ready' });
  await ready.getByText('forgerock', { exact: true }).waitFor();
  await ready.getByRole('checkbox', { name: 'I have stored it' }).check();
  await ready.getByRole('link', { name: 'To the application' }).click();
}

export async function fillSignOnByClicking(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Sign On', selected: true }).waitFor();
  await page.getByRole('combobox', { name: 'Sign-in URLs', exact: true }).fill(SIGN_IN_URL);
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: 'Scopes', exact: true }).fill('write');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => page.getByRole('region', { name: 'General Settings' }).textContent())
    .toContain('Client Credentials');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Application updated').waitFor();
}
