// Command console serves the admin console. It reads its settings (package config) and hands over to package app.
package main
