package dev.reeve.console;

/** What an element is made with. */
sealed interface Part permits Html, Html.Attribute {}
